import { describe, expect, it } from '@jest/globals';
import { renderHcl } from './render-hcl.ts';

describe('renderHcl', () => {
  it('writes maps with an equals sign, and blocks without', () => {
    const resource = {
      aws_subnet: { App: { tags: { Name: 'app' }, timeouts: { create: '5m' }, '//': { metadata: {} } } },
    };
    expect(renderHcl({ resource }, new Set(['aws_subnet.tags']))).toContain(
      'resource "aws_subnet" "App" {\ntags = {\nName = "app"\n}\ntimeouts {\ncreate = "5m"\n}\n}',
    );
  });

  it('writes a block for each element of a list of blocks', () => {
    const resource = { aws_wafv2_web_acl: { Acl: { rule: [{ name: 'a', statement: { not: {} } }, { name: 'b' }] } } };
    expect(renderHcl({ resource }, new Set())).toContain(
      'rule {\nname = "a"\nstatement {\nnot {\n\n}\n}\n}\nrule {\nname = "b"\n}',
    );
  });

  it('writes nothing for an empty list, unless it is an attribute', () => {
    const resource = { aws_x: { Y: { rule: [], route: [] } } };
    expect(renderHcl({ resource }, new Set(['aws_x.route']))).toContain('"Y" {\nroute = []\n}');
  });

  it('writes references without quotes', () => {
    const body = { depends_on: ['aws_vpc.Main'], provider: 'aws.copy', lifecycle: { ignore_changes: ['size[0].min'] } };
    expect(renderHcl({ resource: { aws_x: { Y: body } } }, new Set())).toContain(
      'depends_on = [aws_vpc.Main]\nprovider = aws.copy\nlifecycle {\nignore_changes = [size[0].min]\n}',
    );
  });

  it('writes what Terraform itself must know', () => {
    const terraform = {
      required_version: '>= 1.11.0',
      required_providers: { aws: { source: 'aws', version: '6.25.0' } },
      backend: { s3: { bucket: 'state' } },
    };
    const provider = { aws: [{ region: 'us-east-1', default_tags: [{ tags: { Owner: 'us' } }] }] };
    const output = { 'cross-stack': { value: '${aws_vpc.Main.id}', sensitive: true } };
    expect(renderHcl({ terraform, provider, output }, new Set(['provider.aws.default_tags.tags']))).toBe(
      [
        'terraform {\nrequired_version = ">= 1.11.0"',
        'required_providers {\naws = {\nsource = "aws"\nversion = "6.25.0"\n}\n}',
        'backend "s3" {\nbucket = "state"\n}\n}\n',
        'provider "aws" {\nregion = "us-east-1"\ndefault_tags {\ntags = {\nOwner = "us"\n}\n}\n}\n',
        'output "cross-stack" {\nvalue = aws_vpc.Main.id\nsensitive = true\n}\n',
      ].join('\n'),
    );
  });
});

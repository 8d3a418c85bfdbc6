import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { describe, expect, it } from '@jest/globals';
import { givenStack, type GivenStack } from '../../../test/given-stack.ts';
import { asPolicy } from '../../policy/resource-graph.ts';
import { Certificate } from './certificate.ts';
import { EncryptionKey } from './encryption-key.ts';
import { LoadBalancer } from './load-balancer.ts';
import { PublicName } from './public-name.ts';
import { PublicZone } from './public-zone.ts';
import { Role } from './role.ts';
import { SecurityGroup } from './security-group.ts';
import { TargetGroup } from './target-group.ts';
import { hasLabel } from './web-acl-match.ts';
import { WebAcl } from './web-acl.ts';

interface GivenEdge {
  readonly stack: GivenStack;
  readonly balancer: LoadBalancer;
  readonly zone: PublicZone;
  readonly target: TargetGroup;
}

function givenEdge(build: (edge: GivenEdge) => void, { zones = 2 }: { readonly zones?: number } = {}) {
  return givenStack((stack) => {
    const vpc = new Vpc(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
    const subnets = Array.from(
      { length: zones },
      (_, zone) => new Subnet(stack, `Subnet${zone}`, { vpcId: vpc.id, cidrBlock: `10.0.${zone}.0/24` }),
    );
    const balancer = new LoadBalancer(stack, 'Balancer', {
      ...{ name: 'given', subnets, logBucket: { bucketName: 'logs' }, idleTimeoutSeconds: 60, desync: 'defensive' },
      ...{ zonalShift: false, isProtected: false },
      securityGroup: new SecurityGroup(stack, 'Group', { vpc, name: 'given', description: 'Given' }),
    });
    const zone = new PublicZone(stack, 'Zone', { name: 'example.com' });
    build({
      stack,
      balancer,
      zone,
      target: new TargetGroup(stack, 'Blue', { vpc, name: 'blue', port: 80, healthPath: '/' }),
    });
  });
}

describe('LoadBalancer', () => {
  it('needs two zones', () => {
    expect(() => givenEdge(() => undefined, { zones: 1 })).toThrow('needs subnets in two zones');
  });

  it('refuses to send requests nowhere', () => {
    const build = ({ stack, balancer, zone, target }: GivenEdge) => {
      const certificate = new Certificate(stack, 'Certificate', { hostName: 'a.example.com', zone });
      balancer.serve(certificate, [{ target, weight: 0 }]);
    };
    expect(() => givenEdge(build)).toThrow('all weights are zero');
  });
});

describe('Certificate', () => {
  it('is for one name', () => {
    const build = ({ stack, zone }: GivenEdge) => new Certificate(stack, 'Wild', { hostName: '*.example.com', zone });
    expect(() => givenEdge(build)).toThrow('would stand for names that do not exist yet');
  });
});

describe('PublicName', () => {
  it.each(['files.example.org', 'badexample.com'])('refuses %s, which the zone does not hold', (hostName) => {
    const build = ({ stack, zone, balancer }: GivenEdge) =>
      new PublicName(stack, 'Name', { hostName, zone, loadBalancer: balancer, healthPath: '/' });
    expect(() => givenEdge(build)).toThrow(`${hostName} is no name of the zone example.com`);
  });
});

describe('TargetGroup', () => {
  it('lets a role change its own targets alone', () => {
    const graph = givenEdge(({ stack, target }) => {
      const trust = [{ sid: 'Pods', principals: { Service: ['pods.eks.amazonaws.com'] } }];
      target.grantRegister(new Role(stack, 'Controller', { name: 'controller', description: 'Given', trust }));
    });
    const [granted] = graph.ofType('aws_iam_role_policy');
    const { Statement: statements } = asPolicy(granted?.attributes.policy) ?? {};
    expect(statements).toMatchObject([
      { Resource: [expect.stringContaining('aws_lb_target_group.')] },
      { Action: expect.not.arrayContaining([expect.stringMatching(/:(?!Describe)/)]), Resource: ['*'] },
    ]);
  });
});

describe('WebAcl', () => {
  it('refuses rules that cannot work, and says why', () => {
    const build = ({ stack, balancer: loadBalancer }: GivenEdge) => {
      const key = new EncryptionKey(stack, 'Key', { name: 'given', description: 'Given' });
      const rules = [{ kind: 'block', name: 'no-writes', match: hasLabel('own:writes') }] as const;
      new WebAcl(stack, 'Acl', { name: 'given', loadBalancer, rules, logs: { key, retentionDays: 30, labels: [] } });
    };
    expect(() => givenEdge(build)).toThrow(
      'The web ACL "given" is refused: "no-writes" asks for the label "own:writes"',
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { synthesized } from '../../test/synthesized.ts';
import { blocksAt, textsAt } from '../policy/attributes.ts';
import { asAttributes, asPolicy } from '../policy/resource-graph.ts';

const graph = synthesized('dev');

function statementsAt(path: string): readonly Readonly<Record<string, unknown>>[] {
  const { Statement: statements } = asPolicy(graph.at(path).attributes.policy) ?? {};
  return Array.isArray(statements) ? statements.map(asAttributes) : [];
}

function statement(path: string, sid: string): Readonly<Record<string, unknown>> {
  const found = statementsAt(path).find(({ Sid }) => Sid === sid);
  if (found === undefined) throw new Error(`${path} has no statement ${sid}.`);
  return found;
}

describe('the state', () => {
  it('cannot be deleted by a plan, in dev neither', () => {
    for (const path of ['bootstrap/State/Bucket', 'bootstrap/State/AccessLogs'])
      expect(graph.at(path).attributes).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
  });

  it('has the names that every backend expects', () => {
    const { backend } = asAttributes(graph.stack('network').terraform.terraform);
    expect(backend).toMatchObject({
      s3: {
        bucket: graph.at('bootstrap/State/Bucket').attributes.bucket,
        kms_key_id: `arn:aws:kms:us-east-1:111111111111:${String(graph.at('bootstrap/State/Key/Alias').attributes.name)}`,
      },
    });
  });

  it('keeps its history and is encrypted with our key alone', () => {
    expect(graph.at('bootstrap/State/Bucket/Versioning').attributes).toMatchObject({
      versioning_configuration: { status: 'Enabled' },
    });
    const keys = statement('bootstrap/State/Bucket/Policy', 'DenyOtherKeys');
    expect(keys).toMatchObject({ Effect: 'Deny', Action: ['s3:PutObject'] });
    expect(JSON.stringify(keys)).toContain('alias/stowage-dev-state');
  });
});

describe('the role that plans', () => {
  it('is taken by the pipeline alone', () => {
    expect(graph.at('bootstrap/Deployment/Plan').attributes.assume_role_policy).toContain(
      '"Principal":{"AWS":["arn:aws:iam::444444444444:role/stowage-ci"]}',
    );
  });

  it('reads state and writes locks', () => {
    expect(
      statementsAt('bootstrap/Deployment/Plan/ReadState').map(({ Action, Resource }) => [Action, Resource]),
    ).toEqual([
      [['s3:ListBucket'], [expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}$/)]],
      [['s3:GetObject'], [expect.stringMatching(/\/\*\.tfstate$/)]],
      [['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], [expect.stringMatching(/\/\*\.tflock$/)]],
      [['kms:Decrypt', 'kms:GenerateDataKey'], [expect.stringMatching(/^\$\{aws_kms_key\.\w+\.arn\}$/)]],
    ]);
  });

  it('reads nothing that users or secrets are made of', () => {
    const actions = statementsAt('bootstrap/Deployment/Plan/ReadSettings').flatMap(({ Action }) => Action);
    for (const action of [
      's3:GetObject',
      's3:Get*',
      'secretsmanager:GetSecretValue',
      'kms:Decrypt',
      'ssm:Get*',
      'ecr:Batch*',
    ])
      expect(actions).not.toContain(action);
    expect(actions.filter((action) => !/:(?:BatchGet|Describe|Get|List|View)/.test(String(action)))).toEqual([]);
  });
});

describe('the role that applies', () => {
  it('makes roles only with the boundary', () => {
    const making = statement('bootstrap/Deployment/Apply/ManageRoles', 'ManageRoles1');
    expect(making).toMatchObject({
      Action: expect.arrayContaining(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy']),
      Resource: ['arn:aws:iam::111111111111:role/stowage-dev-*'],
    });
    expect(JSON.stringify(making.Condition)).toContain('iam:PermissionsBoundary');
  });

  it('may hand each role to the service that assumes it, and the canary to Synthetics', () => {
    const passing = statement('bootstrap/Deployment/Apply/ManageRoles', 'ManageRoles5');
    expect(passing.Action).toEqual(['iam:PassRole']);
    const passedTo = textsAt(passing.Condition, 'StringEquals.iam:PassedToService');
    const assuming = synthesized('production')
      .ofType('aws_iam_role')
      .flatMap(({ attributes }) => blocksAt(asPolicy(attributes.assume_role_policy), 'Statement'))
      .flatMap((trust) => textsAt(trust, 'Principal.Service'));
    expect(new Set(assuming).size).toBeGreaterThan(5);
    expect(passedTo).toEqual(expect.arrayContaining([...assuming, 'synthetics.amazonaws.com']));
  });

  it('cannot loosen its own limits, whatever is attached to it', () => {
    const denied = statement('bootstrap/Deployment/ApplyBoundary', 'DenyOwnLimits');
    expect(denied.Action).toEqual(expect.arrayContaining(['iam:CreatePolicyVersion', 'iam:PutRolePolicy']));
    for (const name of ['apply', 'apply-boundary', 'boundary', 'plan', 'plan-boundary'])
      expect(denied.Resource).toContain(`arn:aws:iam::111111111111:policy/stowage-dev-${name}`);
  });
});

describe('every role of every stack', () => {
  it.each(['dev', 'staging', 'production'] as const)('has a boundary in %s', (name) => {
    const environment = synthesized(name);
    const roles = environment.ofType('aws_iam_role');
    expect(roles.length).toBeGreaterThan(10);
    for (const role of roles)
      expect({ path: role.path, boundary: role.attributes.permissions_boundary }).toEqual({
        path: role.path,
        boundary: expect.stringMatching(/policy\/stowage-\w+-boundary$|^\$\{aws_iam_policy\./),
      });
  });
});

import { describe, expect, it } from '@jest/globals';
import { mutated, set } from '../../test/policy/mutation.ts';
import { synthesized } from '../../test/synthesized.ts';
import { environmentNames } from '../environments/read-environment.ts';
import type { ResourceGraph } from '../policy/resource-graph.ts';
import { callsOfEveryPlan, refreshCalls } from './refresh-calls.ts';
import { mayDo, type Request } from './role-rights.ts';

/** What the role that plans would be refused. */
function refused(graph: ResourceGraph, requests: readonly Request[]): readonly Request[] {
  const plan = graph.at('bootstrap/Deployment/Plan');
  return requests.filter((request) => !mayDo(graph, plan, request));
}

function settingsOf(graph: ResourceGraph): readonly Request[] {
  const types = new Set(graph.resources.map(({ type }) => type).filter((type) => type.startsWith('aws_')));
  const actions = [...types].flatMap((type) => {
    const calls = refreshCalls[type];
    if (calls === undefined) throw new Error(`Say in refresh-calls.ts what the provider calls to read ${type}.`);
    return calls;
  });
  return [...new Set([...callsOfEveryPlan, ...actions])].map((action) => ({ action }));
}

function state(graph: ResourceGraph): readonly Request[] {
  const address = (path: string) => {
    const { type, logicalName } = graph.at(path);
    return `\${${type}.${logicalName}.arn}`;
  };
  const objects = `${address('bootstrap/State/Bucket')}/data`;
  return [
    { action: 's3:GetObject', resource: `${objects}.tfstate` },
    ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => ({ action, resource: `${objects}.tflock` })),
    ...['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ action, resource: address('bootstrap/State/Key') })),
  ];
}

/** Of production, by the names that its stacks give. */
function contents(graph: ResourceGraph): readonly Request[] {
  const [script] = graph.ofType('aws_s3_object');
  const bucket = `arn:aws:s3:::${String(script && graph.targetOf(script, 'bucket')?.attributes.bucket)}`;
  const resource = `${bucket}/${String(script?.attributes.key)}`;
  const [secret] = graph.ofType('aws_secretsmanager_secret');
  const secretArn = `arn:aws:secretsmanager:us-east-1:333333333333:secret:${String(secret?.attributes.name)}-AbCdEf`;
  const decrypt = { action: 'kms:Decrypt', resource: 'arn:aws:kms:us-east-1:333333333333:key/1' };
  return [
    ...['s3:GetObject', 's3:GetObjectTagging'].map((action) => ({ action, resource })),
    { ...decrypt, context: { 'kms:EncryptionContext:aws:s3:arn': bucket } },
    { action: 'secretsmanager:GetSecretValue', resource: secretArn },
    { ...decrypt, context: { 'kms:EncryptionContext:SecretARN': secretArn } },
  ];
}

describe('the role that plans', () => {
  it.each(environmentNames)('may read all that a refresh of %s asks for, and hold the lock', (name) => {
    const graph = synthesized(name);
    expect(refused(graph, [...settingsOf(graph), ...state(graph)])).toEqual([]);
  });

  it('may read the contents that a refresh of production asks for', () => {
    const graph = synthesized('production');
    expect(refused(graph, contents(graph))).toEqual([]);
  });

  it('may neither change state nor read what users or other secrets are made of', () => {
    const graph = synthesized('production');
    const [{ resource: object } = {}] = state(graph);
    const forbidden: readonly Request[] = [
      { action: 's3:PutObject', ...(object !== undefined && { resource: object }) },
      { action: 's3:GetObject', resource: 'arn:aws:s3:::stowage-production-blobs/1' },
      {
        action: 'secretsmanager:GetSecretValue',
        resource: 'arn:aws:secretsmanager:us-east-1:333333333333:secret:other',
      },
      { action: 'kms:Decrypt', resource: 'arn:aws:kms:us-east-1:333333333333:key/1' },
      ...['iam:CreateRole', 'ec2:GetPasswordData', 'logs:GetLogEvents'].map((action) => ({ action })),
    ];
    expect(refused(graph, forbidden)).toEqual(forbidden);
  });

  it('would be found to have a boundary that takes away what it was granted', () => {
    const graph = synthesized('production');
    const { type, logicalName } = graph.at('bootstrap/Deployment/WorkloadBoundary');
    const narrow = set('aws_iam_role', ['permissions_boundary', `\${${type}.${logicalName}.arn}`], {
      at: /Deployment\/Plan\//,
    });
    expect(refused(mutated(graph, narrow), state(graph))).not.toEqual([]);
  });
});

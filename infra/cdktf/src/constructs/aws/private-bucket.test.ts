import { describe, expect, it } from '@jest/globals';
import { givenRole, grantedTo } from '../../../test/given-role.ts';
import { givenStack, type GivenStack } from '../../../test/given-stack.ts';
import { EncryptionKey } from './encryption-key.ts';
import { LogBucket } from './log-bucket.ts';
import { PrivateBucket, type PrivateBucketProps } from './private-bucket.ts';

describe('who may read and write', () => {
  it('may do so in this bucket alone, with its key', () => {
    const graph = givenStack((stack) => givenBucket(stack).grantReadWrite(givenRole(stack)));
    expect(grantedTo(graph).map(({ on }) => on)).toEqual([
      expect.stringMatching(/^\$\{aws_kms_key\.\w+\.arn\}$/),
      expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}\/\*$/),
      expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}$/),
    ]);
  });
});

describe('who may read', () => {
  it('may neither write nor encrypt', () => {
    const graph = givenStack((stack) => givenBucket(stack).grantRead(givenRole(stack)));
    expect(grantedTo(graph).flatMap(({ actions }) => actions)).toEqual([
      'kms:Decrypt',
      's3:GetObject',
      's3:ListBucket',
    ]);
  });
});

it('is refused two rules of one name, as S3 would', () => {
  const rule = { id: 'forget', status: 'Enabled', filter: [{ prefix: 'runs/' }], expiration: [{ days: 30 }] };
  expect(() => givenStack((stack) => givenBucket(stack, [rule]))).toThrow('S3 refuses two rules of one name');
});

function givenBucket(stack: GivenStack, lifecycleRules: PrivateBucketProps['lifecycleRules'] = []): PrivateBucket {
  return new PrivateBucket(stack, 'Things', {
    name: 'things',
    key: new EncryptionKey(stack, 'Key', { name: 'things', description: 'Things' }),
    accessLogs: new LogBucket(stack, 'Logs', { name: 'logs', deliveries: [], retentionDays: 30, isProtected: false }),
    noncurrentDays: 90,
    isProtected: false,
    lifecycleRules,
  });
}

import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenRole, grantedTo } from '../../../test/given-role.ts';
import { givenStack, type GivenStack } from '../../../test/given-stack.ts';
import { EncryptionKey } from './encryption-key.ts';
import { LogBucket } from './log-bucket.ts';
import { PrivateBucket } from './private-bucket.ts';

const storage = join(import.meta.dirname, '../../../../../libs/storage/src');

/** What S3 asks of who sends a command. From the Service Authorization Reference. */
const actionsOf: Readonly<Record<string, string>> = {
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  CompleteMultipartUpload: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  DeleteObjects: 's3:DeleteObject',
  GetObject: 's3:GetObject',
  HeadBucket: 's3:ListBucket',
  HeadObject: 's3:GetObject',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListObjectsV2: 's3:ListBucket',
  ListParts: 's3:ListMultipartUploadParts',
  PutObject: 's3:PutObject',
  UploadPart: 's3:PutObject',
};

describe('who may read and write', () => {
  it('may do what the blob store sends, and nothing else', () => {
    const graph = givenStack((stack) => givenBucket(stack).grantReadWrite(givenRole(stack)));
    const granted = grantedTo(graph).flatMap(({ actions }) => actions as readonly string[]);
    const sent = commandsOfBlobStore().map((command) => actionsOf[command] ?? `unknown: ${command}`);
    expect(granted.filter((action) => action.startsWith('s3:')).toSorted()).toEqual([...new Set(sent)].toSorted());
    expect(granted.filter((action) => !action.startsWith('s3:'))).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });

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

function givenBucket(stack: GivenStack): PrivateBucket {
  return new PrivateBucket(stack, 'Things', {
    name: 'things',
    key: new EncryptionKey(stack, 'Key', { name: 'things', description: 'Things' }),
    accessLogs: new LogBucket(stack, 'Logs', { name: 'logs', deliveries: [], retentionDays: 30, isProtected: false }),
    noncurrentDays: 90,
    isProtected: false,
  });
}

/** Names of the commands of the AWS SDK that `@stowage/storage` makes. */
function commandsOfBlobStore(): readonly string[] {
  const sources = readdirSync(storage).filter((file) => /^s3-.*(?<!\.test)\.ts$/.test(file));
  const made = sources.flatMap((file) => [
    ...readFileSync(join(storage, file), 'utf8').matchAll(/\bnew (\w+)Command\(/g),
  ]);
  return [...new Set(made.map(([, command = '']) => command))];
}

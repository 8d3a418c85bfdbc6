import type { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { EncryptionKey, logsAsKeyUser, type KeyUser } from './encryption-key.ts';
import type { LogBucket } from './log-bucket.ts';
import type { PolicyStatement } from './policy-document.ts';
import { PrivateBucket } from './private-bucket.ts';

export interface AuditStoreProps {
  readonly accessLogs: LogBucket;
  readonly retentionDays: number;
  readonly isProtected: boolean;
}

/** Where CloudTrail and Config keep what they record: a key and a bucket that nothing else uses. */
export class AuditStore extends Construct {
  readonly key: EncryptionKey;
  readonly bucket: PrivateBucket;
  /** For what must wait until the services may deliver. */
  readonly policy: S3BucketPolicy;
  /** Name of the trail, which the policies of key and bucket admit before it is made. */
  readonly trailName: string;

  constructor(scope: Construct, id: string, { accessLogs, retentionDays, isProtected }: AuditStoreProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    this.trailName = stack.resourceName('audit');
    const trailArn = stack.arn({ service: 'cloudtrail', resource: `trail/${this.trailName}` });
    this.key = new EncryptionKey(this, 'AuditKey', {
      name: 'audit',
      description: 'Records of CloudTrail and Config',
      users: [logsAsKeyUser(stack, stack.logGroupName('audit')), ...recordersAsKeyUsers(stack, trailArn)],
    });
    this.bucket = new PrivateBucket(this, 'Bucket', {
      name: 'audit',
      key: this.key,
      accessLogs,
      noncurrentDays: 90,
      isProtected,
      deliveries: (arn) => recordersDeliver(stack, trailArn, arn),
      lifecycleRules: [
        {
          id: 'old-records',
          status: 'Enabled',
          filter: [{ prefix: 'AWSLogs/' }],
          expiration: [{ days: retentionDays }],
        },
      ],
    });
    this.policy = this.bucket.policy;
  }
}

function recordersAsKeyUsers(stack: BaseStack, trailArn: string): readonly KeyUser[] {
  return [
    {
      sid: 'CloudTrail',
      principals: { Service: ['cloudtrail.amazonaws.com'] },
      actions: ['kms:DescribeKey', 'kms:GenerateDataKey'],
      conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
    },
    {
      sid: 'Config',
      principals: { Service: ['config.amazonaws.com'] },
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.accountId } },
    },
  ];
}

/** Both services look at the bucket before they write. */
function recordersDeliver(stack: BaseStack, trailArn: string, bucketArn: string): readonly PolicyStatement[] {
  const objects = `${bucketArn}/AWSLogs/${stack.accountId}`;
  const trail = {
    principals: { Service: ['cloudtrail.amazonaws.com'] },
    conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
  };
  const recorder = {
    principals: { Service: ['config.amazonaws.com'] },
    conditions: { StringEquals: { 'aws:SourceAccount': stack.accountId } },
  };
  return [
    { ...trail, sid: 'CloudTrailLooks', actions: ['s3:GetBucketAcl'], resources: [bucketArn] },
    // Events, insights and digests, each in a folder of its own.
    { ...trail, sid: 'CloudTrailWrites', actions: ['s3:PutObject'], resources: [`${objects}/*`] },
    { ...recorder, sid: 'ConfigLooks', actions: ['s3:GetBucketAcl', 's3:ListBucket'], resources: [bucketArn] },
    { ...recorder, sid: 'ConfigWrites', actions: ['s3:PutObject'], resources: [`${objects}/Config/*`] },
  ];
}

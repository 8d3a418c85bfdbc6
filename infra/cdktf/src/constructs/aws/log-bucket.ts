import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { closeBucket, secureTransportOnly } from './bucket-closure.ts';
import { policyDocument, type PolicyStatement } from './policy-document.ts';

/** An AWS service that delivers logs into the bucket. */
export interface LogDelivery {
  /** Letters and digits; says what is delivered. */
  readonly sid: string;
  /** Such as `logging.s3.amazonaws.com`. */
  readonly service: string;
  /** Where its objects go, without slashes at the ends. */
  readonly prefix: string;
  /** ARN, or pattern of ARNs, of what the logs are about. */
  readonly sourceArn: string;
}

export interface LogBucketProps {
  /** Name without product and environment. */
  readonly name: string;
  readonly deliveries: readonly LogDelivery[];
  readonly retentionDays: number;
  /** Whether Terraform refuses to delete it; else it is deleted with all that is in it. */
  readonly isProtected: boolean;
}

/**
 * Takes logs that AWS delivers to S3. Encrypted with S3's own key: load balancers and S3 itself cannot write
 * access logs to a bucket that has one of ours.
 */
export class LogBucket extends Construct {
  readonly bucketName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, deliveries, retentionDays, isProtected }: LogBucketProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const bucket = new S3Bucket(this, 'Resource', {
      bucket: stack.resourceName(name, 'bucket'),
      forceDestroy: !isProtected,
      lifecycle: { preventDestroy: isProtected },
    });
    this.bucketName = bucket.id;
    this.arn = bucket.arn;
    new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', {
      bucket: bucket.id,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });
    new S3BucketVersioningA(this, 'Versioning', { bucket: bucket.id, versioningConfiguration: { status: 'Enabled' } });
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket: bucket.id,
      rule: [
        {
          id: 'forget',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          expiration: [{ days: retentionDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
    });
    const closure = closeBucket(this, bucket);
    new S3BucketPolicy(this, 'Policy', {
      bucket: bucket.id,
      policy: policyDocument([
        ...secureTransportOnly(bucket.arn),
        ...deliveries.map((delivery) => deliveryStatement(delivery, bucket.arn, stack.accountId)),
      ]),
      dependsOn: [closure],
    });
  }
}

function deliveryStatement(
  { sid, service, prefix, sourceArn }: LogDelivery,
  arn: string,
  account: string,
): PolicyStatement {
  return {
    sid,
    principals: { Service: [service] },
    actions: ['s3:PutObject'],
    resources: [`${arn}/${prefix}/*`],
    conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': sourceArn } },
  };
}

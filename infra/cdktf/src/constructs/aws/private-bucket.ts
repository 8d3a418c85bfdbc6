import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging/index.js';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { closeBucket, secureTransportOnly } from './bucket-closure.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { LogBucket } from './log-bucket.ts';
import { policyDocument, type PolicyStatement } from './policy-document.ts';
import type { Role } from './role.ts';

export interface PrivateBucketProps {
  /** Name without product and environment. */
  readonly name: string;
  readonly key: EncryptionKey;
  /** Where requests are recorded; under the name of this bucket. */
  readonly accessLogs: LogBucket;
  /** How long overwritten and deleted objects can be restored. */
  readonly noncurrentDays: number;
  /** Whether Terraform refuses to delete it; else it is deleted with all that is in it. */
  readonly isProtected: boolean;
  /** Where old versions go after 30 days. S3 moves none out of INTELLIGENT_TIERING. @default STANDARD_IA */
  readonly noncurrentClass?: 'STANDARD_IA' | 'unchanged';
  /** Services that deliver into it, given its ARN. @default none */
  readonly deliveries?: (bucketArn: string) => readonly PolicyStatement[];
  /** More rules for what becomes of objects with age; `forget` is taken. @default none */
  readonly lifecycleRules?: readonly S3BucketLifecycleConfigurationRule[];
}

/** A bucket that nobody reaches without a role that was granted it. Objects are encrypted with our key and keep their old versions. */
export class PrivateBucket extends Construct {
  readonly bucketName: string;
  readonly arn: string;
  /** For services that look at it before they deliver. */
  readonly policy: S3BucketPolicy;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { name, key, isProtected, deliveries = () => [] } = props;
    this.#key = key;
    const bucket = new S3Bucket(this, 'Resource', {
      bucket: BaseStack.of(this).resourceName(name, 'bucket'),
      forceDestroy: !isProtected,
      lifecycle: { preventDestroy: isProtected },
    });
    this.bucketName = bucket.id;
    this.arn = bucket.arn;
    new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', {
      bucket: bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
          bucketKeyEnabled: true,
        },
      ],
    });
    const closure = closeBucket(this, bucket);
    this.policy = new S3BucketPolicy(this, 'Policy', {
      bucket: bucket.id,
      policy: policyDocument([
        ...secureTransportOnly(bucket.arn),
        ...onlyWithKey(bucket.arn, key),
        ...deliveries(bucket.arn),
      ]),
      dependsOn: [closure],
    });
    this.#keepHistory(props);
    this.#tellAndRecord(props);
  }

  /** Lets a role read objects. */
  grantRead(role: Role): void {
    role.allow(`Read${this.node.id}`, [
      { actions: ['s3:GetObject'], resources: [`${this.arn}/*`] },
      { actions: ['s3:ListBucket'], resources: [this.arn] },
    ]);
    this.#key.grantDecrypt(role);
  }

  /** Lets a role read, write and delete objects, in parts as well. Old versions stay out of its reach. */
  grantReadWrite(role: Role): void {
    role.allow(`ReadWrite${this.node.id}`, [
      {
        actions: [
          's3:AbortMultipartUpload',
          's3:DeleteObject',
          's3:GetObject',
          's3:ListMultipartUploadParts',
          's3:PutObject',
        ],
        resources: [`${this.arn}/*`],
      },
      { actions: ['s3:ListBucket', 's3:ListBucketMultipartUploads'], resources: [this.arn] },
    ]);
    this.#key.grantEncryptDecrypt(role);
  }

  #keepHistory({ noncurrentDays, noncurrentClass = 'STANDARD_IA', lifecycleRules = [] }: PrivateBucketProps): void {
    const versioning = new S3BucketVersioningA(this, 'Versioning', {
      bucket: this.bucketName,
      versioningConfiguration: { status: 'Enabled' },
    });
    const forget: S3BucketLifecycleConfigurationRule = {
      id: 'forget',
      status: 'Enabled',
      filter: [{ prefix: '' }],
      ...(noncurrentClass === 'unchanged'
        ? {}
        : { noncurrentVersionTransition: [{ noncurrentDays: 30, storageClass: noncurrentClass }] }),
      noncurrentVersionExpiration: [{ noncurrentDays }],
      expiration: [{ expiredObjectDeleteMarker: true }],
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
    };
    const rules = [forget, ...lifecycleRules];
    if (new Set(rules.map(({ id }) => id)).size < rules.length)
      throw new Error(`S3 refuses two rules of one name: ${rules.map(({ id }) => id).join(', ')}.`);
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket: this.bucketName,
      rule: rules,
      dependsOn: [versioning],
    });
  }

  #tellAndRecord({ accessLogs, name }: PrivateBucketProps): void {
    new S3BucketLoggingA(this, 'AccessLogs', {
      bucket: this.bucketName,
      targetBucket: accessLogs.bucketName,
      targetPrefix: `s3/${name}/`,
    });
    new S3BucketNotification(this, 'Events', { bucket: this.bucketName, eventbridge: true });
  }
}

/** An object under another key, or S3's own, would escape who controls ours. Without headers the bucket's default applies. */
function onlyWithKey(arn: string, key: EncryptionKey): readonly PolicyStatement[] {
  const writing = { effect: 'Deny', principals: '*', actions: ['s3:PutObject'], resources: [`${arn}/*`] } as const;
  return [
    {
      sid: 'DenyOtherEncryption',
      ...writing,
      conditions: {
        Null: { 's3:x-amz-server-side-encryption': 'false' },
        StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      },
    },
    {
      sid: 'DenyOtherKeys',
      ...writing,
      conditions: {
        Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
        // A request may name the alias: state is written with it.
        ArnNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': [key.arn, key.aliasArn] },
      },
    },
  ];
}

import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import type { Construct } from 'constructs';
import type { PolicyStatement } from './policy-document.ts';

/** Makes it impossible to publish a bucket, by ACL or by policy. A policy of the bucket must wait for what is returned. */
export function closeBucket(scope: Construct, bucket: S3Bucket): S3BucketPublicAccessBlock {
  new S3BucketOwnershipControls(scope, 'Ownership', {
    bucket: bucket.id,
    rule: { objectOwnership: 'BucketOwnerEnforced' },
  });
  return new S3BucketPublicAccessBlock(scope, 'PublicAccess', {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
}

/** Refuses requests without TLS, and those with a version before 1.2. */
export function secureTransportOnly(arn: string): readonly PolicyStatement[] {
  const everything = { effect: 'Deny', principals: '*', actions: ['s3:*'], resources: [arn, `${arn}/*`] } as const;
  return [
    { sid: 'DenyWithoutTls', ...everything, conditions: { Bool: { 'aws:SecureTransport': 'false' } } },
    { sid: 'DenyOldTls', ...everything, conditions: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
  ];
}

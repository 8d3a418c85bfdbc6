import type { Construct } from 'constructs';
import { EncryptionKey } from '../constructs/aws/encryption-key.ts';
import { LogBucket } from '../constructs/aws/log-bucket.ts';
import { PrivateBucket } from '../constructs/aws/private-bucket.ts';
import type { Environment } from '../environments/environment.ts';
import { BaseStack } from './base-stack.ts';

/**
 * Where Terraform keeps its state. Applied once with a local state, which then moves into the bucket it made
 * (docs/deploy.md). Protected in every environment: without it nothing else can be changed or deleted.
 */
export class BootstrapStack extends BaseStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, 'bootstrap', environment);
    const key = new EncryptionKey(this, 'StateKey', { name: 'state', description: 'State of Terraform' });
    const accessLogs = new LogBucket(this, 'AccessLogs', {
      name: 'state-logs',
      deliveries: [
        {
          sid: 'AccessLogs',
          service: 'logging.s3.amazonaws.com',
          prefix: 's3/state',
          sourceArn: `arn:aws:s3:::${this.resourceName('state', 'bucket')}`,
        },
      ],
      retentionDays: 365,
      isProtected: true,
    });
    new PrivateBucket(this, 'State', { name: 'state', key, accessLogs, noncurrentDays: 90, isProtected: true });
  }
}

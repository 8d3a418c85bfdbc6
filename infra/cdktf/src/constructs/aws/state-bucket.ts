import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { EncryptionKey } from './encryption-key.ts';
import { LogBucket } from './log-bucket.ts';
import type { Permission } from './policy-document.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { Role } from './role.ts';

/** Where Terraform keeps state and locks. Its names follow from the environment: backends need them before it exists. */
export class StateBucket extends Construct {
  readonly arn: string;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = BaseStack.of(this);
    this.#key = new EncryptionKey(this, 'Key', { name: 'state', description: 'State of Terraform' });
    const accessLogs = new LogBucket(this, 'AccessLogs', {
      name: 'state-logs',
      deliveries: [
        {
          sid: 'AccessLogs',
          service: 'logging.s3.amazonaws.com',
          prefix: 's3/state',
          // The bucket itself names this one, so it cannot be asked.
          sourceArn: stack.arn({
            service: 's3',
            region: '',
            account: '',
            resource: stack.resourceName('state', 'bucket'),
          }),
        },
      ],
      retentionDays: 365,
      isProtected: true,
    });
    const bucket = new PrivateBucket(this, 'Bucket', {
      ...{ name: 'state', key: this.#key, accessLogs, noncurrentDays: 90, isProtected: true },
    });
    this.arn = bucket.arn;
  }

  /** Reads state, and holds its lock meanwhile. */
  get planPermissions(): readonly Permission[] {
    return [
      { actions: ['s3:ListBucket'], resources: [this.arn] },
      { actions: ['s3:GetObject'], resources: [`${this.arn}/*.tfstate`] },
      { actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], resources: [`${this.arn}/*.tflock`] },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.#key.arn] },
    ];
  }

  /** Lets a role read state, and hold its lock meanwhile. */
  grantPlan(role: Role): void {
    role.allow('ReadState', this.planPermissions);
  }

  /** Lets a role read and write state and locks. */
  grantApply(role: Role): void {
    role.allow('WriteState', [
      { actions: ['s3:ListBucket'], resources: [this.arn] },
      { actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], resources: [`${this.arn}/*`] },
    ]);
    this.#key.grantEncryptDecrypt(role);
  }
}

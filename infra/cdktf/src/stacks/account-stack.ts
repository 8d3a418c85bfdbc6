import type { Construct } from 'constructs';
import { AlertTopic } from '../constructs/aws/alert-topic.ts';
import { EncryptionKey } from '../constructs/aws/encryption-key.ts';
import { ImageRepository } from '../constructs/aws/image-repository.ts';
import { LogBucket } from '../constructs/aws/log-bucket.ts';
import type { Environment } from '../environments/environment.ts';
import { BaseStack } from './base-stack.ts';

/** What other stacks may use of the account. */
export interface AccountOutputs {
  /** Tells people of what goes wrong. */
  readonly alerts: AlertTopic;
  /** Takes access logs of buckets under `s3/`, and logs of load balancers under `load-balancer/`. */
  readonly logBucket: LogBucket;
  readonly repositories: { readonly api: ImageRepository; readonly worker: ImageRepository };
}

/** What an account has once, and what every other stack leans on: images, alerts, access logs. */
export class AccountStack extends BaseStack {
  readonly outputs: AccountOutputs;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'account', environment);
    const { isProtected, operations, storage } = environment;

    const alerts = new AlertTopic(this, 'Alerts', { name: 'alerts', emails: operations.alertEmails });
    const logBucket = new LogBucket(this, 'AccessLogs', {
      name: 'access-logs',
      deliveries: [
        {
          sid: 'AccessLogsOfBuckets',
          service: 'logging.s3.amazonaws.com',
          prefix: 's3',
          sourceArn: this.arn({ service: 's3', region: '', account: '', resource: '*' }),
        },
        {
          sid: 'LogsOfLoadBalancers',
          service: 'logdelivery.elasticloadbalancing.amazonaws.com',
          prefix: 'load-balancer',
          sourceArn: this.arn({ service: 'elasticloadbalancing', resource: 'loadbalancer/*' }),
        },
      ],
      retentionDays: storage.logDays,
      isProtected,
    });

    const imagesKey = new EncryptionKey(this, 'ImagesKey', { name: 'images', description: 'Images in ECR' });
    const repository = (id: string, name: string) =>
      new ImageRepository(this, id, { name, key: imagesKey, isProtected });

    this.outputs = {
      alerts,
      logBucket,
      repositories: { api: repository('Api', 'api'), worker: repository('Worker', 'worker') },
    };
  }
}

import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { LogBucket } from './log-bucket.ts';
import type { PolicyStatement } from './policy-document.ts';

export interface AccessLogsProps {
  readonly retentionDays: number;
  readonly isProtected: boolean;
}

/** The bucket of logs that AWS writes about our buckets, load balancers and backups. */
export class AccessLogs extends Construct {
  readonly bucket: LogBucket;

  constructor(scope: Construct, id: string, { retentionDays, isProtected }: AccessLogsProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    this.bucket = new LogBucket(this, 'Bucket', {
      name: 'access-logs',
      ...{ retentionDays, isProtected },
      deliveries: [
        {
          sid: 'Buckets',
          service: 'logging.s3.amazonaws.com',
          prefix: 's3',
          sourceArn: stack.arn({ service: 's3', region: '', account: '', resource: `${stack.namePrefix}*` }),
        },
        {
          sid: 'LoadBalancers',
          service: 'logdelivery.elasticloadbalancing.amazonaws.com',
          prefix: 'load-balancer',
          sourceArn: stack.arn({ service: 'elasticloadbalancing', resource: 'loadbalancer/*' }),
        },
      ],
      statements: (arn) => [backupReports(stack, arn)],
    });
  }
}

/**
 * AWS Backup writes its reports as a role that it makes with the first of them, so the role is named by a condition: a
 * principal must exist. The account as principal would leave it to the role's own policy, which allows nothing in S3.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-report-plan-console.html
 */
function backupReports(stack: BaseStack, bucketArn: string): PolicyStatement {
  const resource = 'role/aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports';
  const reporter = stack.arn({ service: 'iam', region: '', resource });
  return {
    sid: 'BackupReports',
    principals: '*',
    actions: ['s3:PutObject'],
    resources: [`${bucketArn}/backup/*`],
    conditions: {
      ArnEquals: { 'aws:PrincipalArn': reporter },
      StringEquals: { 'aws:PrincipalAccount': stack.accountId },
    },
  };
}

import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AuditStore } from './audit-store.ts';
import { LogGroup } from './log-group.ts';
import { Role } from './role.ts';

export interface AuditTrailProps {
  readonly store: AuditStore;
  readonly retentionDays: number;
}

/** CloudTrail: who did what in the account, in every region, and who read or wrote which object of a bucket. */
export class AuditTrail extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { store, retentionDays }: AuditTrailProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    this.logGroup = new LogGroup(this, 'Logs', {
      name: stack.logGroupName('audit'),
      retentionDays,
      key: store.key,
    });
    const role = this.#addRole(stack);
    this.logGroup.grantWrite(role);
    new Cloudtrail(this, 'Resource', {
      name: store.trailName,
      s3BucketName: store.bucket.bucketName,
      kmsKeyId: store.key.arn,
      enableLogging: true,
      enableLogFileValidation: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      cloudWatchLogsGroupArn: `${this.logGroup.arn}:*`,
      cloudWatchLogsRoleArn: role.arn,
      advancedEventSelector: [
        { name: 'Management', fieldSelector: [{ field: 'eventCategory', equalTo: ['Management'] }] },
        {
          name: 'Objects',
          fieldSelector: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
            // Its own deliveries would be recorded for ever.
            { field: 'resources.ARN', notStartsWith: [`${store.bucket.arn}/`] },
          ],
        },
      ],
      insightSelector: [{ insightType: 'ApiCallRateInsight' }, { insightType: 'ApiErrorRateInsight' }],
      dependsOn: [store.policy],
    });
  }

  #addRole(stack: BaseStack): Role {
    return new Role(this, 'Role', {
      name: 'audit-trail',
      description: 'Lets CloudTrail write to its log group',
      trust: [
        {
          sid: 'CloudTrail',
          principals: { Service: ['cloudtrail.amazonaws.com'] },
          conditions: { StringEquals: { 'aws:SourceAccount': stack.accountId } },
        },
      ],
    });
  }
}

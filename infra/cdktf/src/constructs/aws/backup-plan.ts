import { BackupPlan as AwsBackupPlan, type BackupPlanRule } from '@cdktf/provider-aws/lib/backup-plan/index.js';
import { BackupReportPlan } from '@cdktf/provider-aws/lib/backup-report-plan/index.js';
import { BackupSelection } from '@cdktf/provider-aws/lib/backup-selection/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AlertTopic } from './alert-topic.ts';
import type { BackupVault } from './backup-vault.ts';
import type { LogBucket } from './log-bucket.ts';
import { Role } from './role.ts';

/** Something that AWS Backup knows how to back up. */
export interface Recoverable {
  readonly arn: string;
}

export interface BackupPlanProps {
  readonly vault: BackupVault;
  /** In another region; each backup is copied there. @default no copies */
  readonly copies?: BackupVault;
  readonly dailyDays: number;
  /** 0: there are no monthly backups. */
  readonly monthlyMonths: number;
  readonly resources: readonly Recoverable[];
  /** Learns of backups, copies and restores that failed. */
  readonly alerts: AlertTopic;
  /** Takes the daily report on backups, under `backup/`. */
  readonly reports: LogBucket;
}

/**
 * AWS Backup starts no backup of an RDS instance in its maintenance or backup window, nor in the hour before: these hours are clear of both.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/rds-backup.html
 */
const schedules = { daily: 'cron(0 6 * * ? *)', monthly: 'cron(0 8 1 * ? *)' } as const;

/** A month of backups is kept for so many days at least. */
const daysOfMonth = 31;

/** Longest that a plan keeps a backup, in days. */
export function longestRetention({
  dailyDays,
  monthlyMonths,
}: Pick<BackupPlanProps, 'dailyDays' | 'monthlyMonths'>): number {
  return Math.max(dailyDays, monthlyMonths * daysOfMonth);
}

/** Backs up every night, and keeps the first backup of a month longer. */
export class BackupPlan extends Construct {
  /** What AWS Backup acts as, to back up and to restore. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: BackupPlanProps) {
    super(scope, id);
    const { dailyDays, monthlyMonths, resources, alerts, reports } = props;
    const stack = BaseStack.of(this);
    const plan = new AwsBackupPlan(this, 'Resource', {
      name: stack.resourceName('backup'),
      rule: [
        ruleOf(props, { ruleName: 'daily', keptDays: dailyDays }),
        ...(monthlyMonths === 0 ? [] : [ruleOf(props, { ruleName: 'monthly', keptDays: monthlyMonths * daysOfMonth })]),
      ],
    });
    this.role = this.#addRole(stack);
    new BackupSelection(this, 'Selection', {
      name: stack.resourceName('data'),
      planId: plan.id,
      iamRoleArn: this.role.arn,
      resources: resources.map(({ arn }) => arn),
    });
    new BackupReportPlan(this, 'Report', {
      // Letters, digits and underscores alone.
      name: stack.resourceName('backup-jobs').replaceAll('-', '_'),
      description: 'Every backup of the last day, and how it ended',
      reportSetting: { reportTemplate: 'BACKUP_JOB_REPORT' },
      reportDeliveryChannel: { s3BucketName: reports.bucketName, s3KeyPrefix: 'backup', formats: ['CSV'] },
    });
    this.#reportFailures(alerts);
  }

  #addRole(stack: BaseStack): Role {
    return new Role(this, 'Role', {
      name: 'backup',
      description: 'Lets AWS Backup back up and restore what holds state',
      trust: [
        {
          sid: 'Backup',
          principals: { Service: ['backup.amazonaws.com'] },
          conditions: { StringEquals: { 'aws:SourceAccount': stack.accountId } },
        },
      ],
      managedPolicies: [
        'service-role/AWSBackupServiceRolePolicyForBackup',
        'service-role/AWSBackupServiceRolePolicyForRestores',
        'AWSBackupServiceRolePolicyForS3Backup',
        'AWSBackupServiceRolePolicyForS3Restore',
      ],
    });
  }

  #reportFailures(alerts: AlertTopic): void {
    const jobs = [
      ['backup', 'Backup Job State Change', { state: ['FAILED', 'EXPIRED', 'ABORTED'] }],
      ['copy', 'Copy Job State Change', { state: ['FAILED'] }],
      ['restore', 'Restore Job State Change', { status: ['FAILED', 'ABORTED'] }],
    ] as const;
    for (const [job, detailType, detail] of jobs)
      alerts.report(this, `Failed-${job}`, {
        name: `failed-${job}`,
        description: `A ${job} job of AWS Backup failed`,
        source: 'aws.backup',
        ...{ detailType, detail },
      });
  }
}

interface Schedule {
  readonly ruleName: keyof typeof schedules;
  readonly keptDays: number;
}

function ruleOf({ vault, copies }: BackupPlanProps, { ruleName, keptDays }: Schedule): BackupPlanRule {
  const lifecycle = { deleteAfter: keptDays };
  return {
    ...{ ruleName, schedule: schedules[ruleName], lifecycle },
    targetVaultName: vault.vaultName,
    startWindow: 60,
    completionWindow: 480,
    ...(copies && { copyAction: [{ destinationVaultArn: copies.arn, lifecycle }] }),
  };
}

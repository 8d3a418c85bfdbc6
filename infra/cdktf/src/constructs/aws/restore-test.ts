import { BackupRestoreTestingPlan } from '@cdktf/provider-aws/lib/backup-restore-testing-plan/index.js';
import { BackupRestoreTestingSelection } from '@cdktf/provider-aws/lib/backup-restore-testing-selection/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { BackupVault } from './backup-vault.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import type { Role } from './role.ts';

export interface RestoreTestProps {
  readonly vault: BackupVault;
  readonly database: PostgresDatabase;
  /** What AWS Backup acts as. */
  readonly role: Role;
}

/**
 * Restores the latest backup of the database on the first Sunday of each month and deletes it within a day.
 * A restore that fails raises an alert: a backup that was never restored is a hope.
 */
export class RestoreTest extends Construct {
  constructor(scope: Construct, id: string, { vault, database, role }: RestoreTestProps) {
    super(scope, id);
    // Letters, digits and underscores alone.
    const name = BaseStack.of(this).resourceName('restore-test').replaceAll('-', '_');
    const plan = new BackupRestoreTestingPlan(this, 'Resource', {
      name,
      scheduleExpression: 'cron(0 7 ? * 1#1 *)',
      startWindowHours: 2,
      recoveryPointSelection: [
        {
          algorithm: 'LATEST_WITHIN_WINDOW',
          includeVaults: [vault.arn],
          recoveryPointTypes: ['SNAPSHOT'],
          selectionWindowDays: 7,
        },
      ],
    });
    new BackupRestoreTestingSelection(this, 'Database', {
      name: `${name}_database`,
      restoreTestingPlanName: plan.name,
      protectedResourceType: 'RDS',
      protectedResourceArns: [database.primary.arn],
      iamRoleArn: role.arn,
      restoreMetadataOverrides: { dbSubnetGroupName: database.subnetGroupName },
      validationWindowHours: 4,
    });
  }
}

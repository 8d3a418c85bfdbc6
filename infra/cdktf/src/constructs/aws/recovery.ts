import { DbInstanceAutomatedBackupsReplication } from '@cdktf/provider-aws/lib/db-instance-automated-backups-replication/index.js';
import { Construct } from 'constructs';
import type { AlertTopic } from './alert-topic.ts';
import { BackupPlan, longestRetention } from './backup-plan.ts';
import { BackupVault } from './backup-vault.ts';
import { EncryptionKey } from './encryption-key.ts';
import type { LogBucket } from './log-bucket.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import type { PrivateBucket } from './private-bucket.ts';
import { RestoreTest } from './restore-test.ts';

export interface RecoveryProps {
  readonly database: PostgresDatabase;
  readonly blobs: PrivateBucket;
  readonly alerts: AlertTopic;
  readonly reports: LogBucket;
  readonly dailyDays: number;
  readonly monthlyMonths: number;
  /** Whether nobody can delete backups early, administrators included. */
  readonly lockVault: boolean;
  /** A second region that backups and the database's log are copied to. @default none */
  readonly copyRegion?: string | undefined;
  readonly isProtected: boolean;
}

/** Everything that is there for the day on which data is lost. What to do then: docs/restore.md. */
export class Recovery extends Construct {
  readonly vault: BackupVault;

  constructor(scope: Construct, id: string, props: RecoveryProps) {
    super(scope, id);
    const { database, blobs, copyRegion } = props;
    const key = new EncryptionKey(this, 'BackupKey', { name: 'backup', description: 'Backups' });
    this.vault = new BackupVault(this, 'Vault', { name: 'backup', key, ...lockOf(props) });
    const copies = copyRegion === undefined ? undefined : this.#copyTo(copyRegion, props);
    const plan = new BackupPlan(this, 'Plan', {
      ...props,
      vault: this.vault,
      ...(copies && { copies }),
      resources: [database.primary, blobs],
    });
    new RestoreTest(this, 'RestoreTest', { vault: this.vault, database, role: plan.role });
  }

  /** Nightly backups, and the log of the database within minutes: after the loss of a region hardly anything is gone. */
  #copyTo(region: string, props: RecoveryProps): BackupVault {
    const { database } = props;
    const key = new EncryptionKey(this, 'CopyKey', { name: 'backup-copy', description: 'Copies of backups', region });
    new DbInstanceAutomatedBackupsReplication(this, 'DatabaseLog', {
      region,
      sourceDbInstanceArn: database.primary.arn,
      kmsKeyId: key.arn,
      retentionPeriod: database.backupDays,
    });
    return new BackupVault(this, 'CopyVault', { name: 'backup-copy', key, region, ...lockOf(props) });
  }
}

function lockOf(props: RecoveryProps) {
  const { dailyDays, lockVault, isProtected } = props;
  return { isProtected, ...(lockVault && { lock: { minDays: dailyDays, maxDays: longestRetention(props) } }) };
}

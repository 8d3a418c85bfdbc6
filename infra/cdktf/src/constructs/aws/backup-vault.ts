import { BackupVault as AwsBackupVault } from '@cdktf/provider-aws/lib/backup-vault/index.js';
import { BackupVaultLockConfiguration } from '@cdktf/provider-aws/lib/backup-vault-lock-configuration/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';

export interface BackupVaultProps {
  /** Last part of the name. */
  readonly name: string;
  readonly key: EncryptionKey;
  /** How long backups are kept, in days. Once locked, nobody can delete one sooner or demand that it be kept longer. */
  readonly lock?: { readonly minDays: number; readonly maxDays: number };
  /** Whether a plan that would delete it is refused. */
  readonly isProtected: boolean;
  /** @default the region of the stack */
  readonly region?: string;
}

/** Where backups lie, apart from what they are of. */
export class BackupVault extends Construct {
  readonly arn: string;
  readonly vaultName: string;

  constructor(scope: Construct, id: string, { name, key, lock, isProtected, region }: BackupVaultProps) {
    super(scope, id);
    const elsewhere = region === undefined ? {} : { region };
    const vault = new AwsBackupVault(this, 'Resource', {
      ...elsewhere,
      name: BaseStack.of(this).resourceName(name),
      kmsKeyArn: key.arn,
      forceDestroy: !isProtected,
      lifecycle: { preventDestroy: isProtected },
    });
    this.arn = vault.arn;
    this.vaultName = vault.name;
    if (lock !== undefined)
      new BackupVaultLockConfiguration(this, 'Lock', {
        ...elsewhere,
        backupVaultName: vault.name,
        minRetentionDays: lock.minDays,
        maxRetentionDays: lock.maxDays,
        // AWS demands three days in which the lock itself can still be taken back.
        changeableForDays: 3,
      });
  }
}

import { blocksAt, numberAt } from '../attributes.ts';
import { accompanied, each, some, type PolicyRule } from '../rule.ts';

/** Backups. */
export const recoveryRules: readonly PolicyRule[] = [
  each('aws_backup_vault', {
    ids: ['CKV_AWS_166', 'FSBP Backup.1'],
    title: 'is encrypted with a key of ours',
    holds: ({ attributes }) => typeof attributes.kms_key_arn === 'string',
  }),
  some('aws_backup_vault', { ids: ['Prowler backup_vaults_exist'], title: 'keeps backups away from what they are of' }),
  some('aws_backup_plan', {
    ids: ['Prowler backup_plans_exist'],
    title: 'makes backups by itself and lets them end',
    holds: ({ attributes }) =>
      blocksAt(attributes, 'rule').every((rule) => (numberAt(rule, 'lifecycle.delete_after') ?? 0) > 0),
  }),
  some('aws_backup_report_plan', { ids: ['Prowler backup_reportplans_exist'], title: 'reports on backups' }),
  accompanied('aws_backup_plan', {
    ids: ['Stowage backup-selection'],
    title: 'says what is backed up',
    by: 'aws_backup_selection',
  }),
  accompanied('aws_backup_vault', {
    ids: ['Stowage vault-lock'],
    title: 'keeps backups even from administrators',
    by: 'aws_backup_vault_lock_configuration',
  }),
  some('aws_backup_restore_testing_plan', {
    ids: ['Stowage restore-testing'],
    title: 'tries out whether backups can be restored',
  }),
];

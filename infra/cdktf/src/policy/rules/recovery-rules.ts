import { blocksAt, numberAt, textsAt } from '../attributes.ts';
import type { Attributes } from '../resource-graph.ts';
import { accompanied, each, some, targetsOf, type PolicyRule } from '../rule.ts';

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
  each('aws_backup_plan', {
    ids: ['Stowage backup-windows'],
    title: 'starts when AWS Backup may: outside of the windows of its databases, and of the hour before them',
    holds: (plan, graph) => {
      const selected = graph
        .referrersOf(plan, 'aws_backup_selection')
        .flatMap((selection) => targetsOf(selection, graph));
      const windows = selected
        .filter(({ type }) => type === 'aws_db_instance')
        .flatMap(({ attributes }) =>
          ['backup_window', 'maintenance_window'].flatMap((name) => textsAt(attributes, name)),
        );
      return blocksAt(plan.attributes, 'rule').every((rule) => windows.every((window) => isClearOf(window, rule)));
    },
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

const dayMinutes = 24 * 60;

/** Whether no minute in which the backup may start is in a window such as `sun:04:30-sun:05:30`, whatever the day, or in the hour before. */
function isClearOf(window: string, rule: Attributes): boolean {
  const [from, to] = [...window.matchAll(/(\d\d):(\d\d)/g)].map(([, hour, minute]) => minuteOf(hour, minute));
  const [, minute, hour] = /^cron\((\d+) (\d+) /.exec(String(rule.schedule)) ?? [];
  if (from === undefined || to === undefined || minute === undefined) return false;
  const start = minuteOf(hour, minute);
  const closed = from - 60;
  return (
    later(closed, start) > (numberAt(rule, 'start_window') ?? dayMinutes) && later(start, closed) > later(to, closed)
  );
}

/** How long after one minute of the day another comes. */
function later(minute: number, after: number): number {
  return (((minute - after) % dayMinutes) + dayMinutes) % dayMinutes;
}

function minuteOf(hour?: string, minute?: string): number {
  return Number(hour) * 60 + Number(minute);
}

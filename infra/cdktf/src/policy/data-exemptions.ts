import { everywhere, exempt, type Exemption } from './exemption.ts';

const buckets = ['account/AccessLogs/Bucket/*', 'account/Audit/Bucket/*', 'data/Blobs/*'];

/** What the stacks account and data break on purpose. */
export const dataExemptions: readonly Exemption[] = [
  ...exempt(['FSBP RDS.23'], {
    resources: ['data/Database/*'],
    environments: everywhere,
    reason: 'Every tool expects PostgreSQL on 5432, and another port hides nothing from who can connect at all.',
  }),
  ...exempt(['CKV_AWS_157'], {
    resources: ['data/Database/Primary/Resource'],
    environments: ['dev'],
    reason: 'Dev can wait for a restart; a standby doubles the price.',
  }),
  ...exempt(['CKV_AWS_157'], {
    resources: ['data/Database/Replica/Resource'],
    environments: ['production'],
    reason: 'Reads fall back to the primary, which has a standby.',
  }),
  ...exempt(['CKV_AWS_293'], {
    resources: ['data/Database/*'],
    environments: ['dev', 'staging'],
    reason: 'These environments are taken down and made anew.',
  }),
  ...exempt(['CKV2_AWS_50'], {
    resources: ['data/Cache/Resource'],
    environments: ['dev'],
    reason: 'What is in the cache can be lost; a second node doubles the price.',
  }),
  ...exempt(['CKV_AWS_338'], {
    resources: ['data/*', 'account/Trail/Logs/*'],
    environments: ['dev', 'staging'],
    reason: 'Nothing of worth is there; a year of logs is for production.',
  }),
  ...exempt(['CKV2_AWS_57'], {
    resources: ['data/Database/Password/Resource'],
    environments: ['production'],
    reason:
      'Programs sign in by IAM; people replace this password by raising database.passwordVersion. RDS rotates no password of a database with a replica.',
  }),
  ...exempt(['CKV_AWS_145'], {
    resources: ['account/AccessLogs/Bucket/Resource'],
    environments: everywhere,
    reason: 'S3 and load balancers cannot write their logs under a key of ours.',
  }),
  ...exempt(['CKV_AWS_143'], {
    resources: buckets,
    environments: everywhere,
    reason:
      'Accounts may delete their files for good. Versions and the locked vault of backups keep what was deleted by mistake.',
  }),
  ...exempt(['CKV_AWS_144'], {
    resources: buckets,
    environments: everywhere,
    reason:
      'Where recovery.copyRegion is set AWS Backup copies the bytes each night; records and logs are of this region.',
  }),
  ...exempt(['AWS-0170'], {
    resources: buckets,
    environments: everywhere,
    reason: 'Only the root user can turn it on, with its own device and not by Terraform.',
  }),
  ...exempt(['FSBP SNS.2'], {
    resources: ['account/Alerts/Resource'],
    environments: everywhere,
    reason: 'SNS records deliveries to machines; this topic has subscribers by e-mail alone.',
  }),
  ...exempt(['CKV_AWS_252'], {
    resources: ['account/Trail/Resource'],
    environments: ['staging', 'production'],
    reason: 'A message for each file says nothing. Alarms look at the events themselves.',
  }),
  ...exempt(['Stowage vault-lock'], {
    resources: ['data/Recovery/Vault/Resource'],
    environments: ['dev', 'staging'],
    reason: 'These environments are taken down and made anew, backups included.',
  }),
  ...exempt(
    [
      ...['FSBP CloudTrail.1', 'AWS-0171', 'AWS-0172', 'CKV_AWS_121', 'CKV2_AWS_45', 'AWS-0019', 'CKV_AWS_238'],
      ...['FSBP GuardDuty.5', 'FSBP GuardDuty.7', 'FSBP GuardDuty.8', 'FSBP GuardDuty.9', 'FSBP GuardDuty.10'],
      ...['FSBP GuardDuty.13', 'FSBP Inspector.1', 'FSBP Inspector.2'],
      ...['AWS-0147', 'AWS-0148', 'AWS-0149', 'AWS-0150', 'AWS-0151', 'AWS-0152', 'AWS-0153', 'AWS-0154'],
      ...['AWS-0155', 'AWS-0156', 'AWS-0157', 'AWS-0158', 'AWS-0159', 'AWS-0160', 'AWS-0174'],
    ],
    {
      resources: ['aws_*'],
      environments: ['dev'],
      reason: 'account.auditTrail, guardDuty and enhancedScanning are off where there is nothing to steal.',
    },
  ),
];

import type { Construct } from 'constructs';
import { AccountAlarms } from '../constructs/aws/account-alarms.ts';
import { AccountDefaults } from '../constructs/aws/account-defaults.ts';
import { AlertTopic } from '../constructs/aws/alert-topic.ts';
import { AuditStore } from '../constructs/aws/audit-store.ts';
import { AuditTrail } from '../constructs/aws/audit-trail.ts';
import { ConfigurationRecord } from '../constructs/aws/configuration-record.ts';
import { CostAnomalies } from '../constructs/aws/cost-anomalies.ts';
import type { ImageCache } from '../constructs/aws/image-cache.ts';
import { ImageRegistry } from '../constructs/aws/image-registry.ts';
import type { ImageRepository } from '../constructs/aws/image-repository.ts';
import type { LogBucket } from '../constructs/aws/log-bucket.ts';
import { AccessLogs } from '../constructs/aws/access-logs.ts';
import { ThreatDetection } from '../constructs/aws/threat-detection.ts';
import type { Environment } from '../environments/environment.ts';
import { BaseStack } from './base-stack.ts';

/** What other stacks may use of the account. */
export interface AccountOutputs {
  /** Tells people of what goes wrong. */
  readonly alerts: AlertTopic;
  /** Takes access logs of buckets under `s3/`, and logs of load balancers under `load-balancer/`. */
  readonly logBucket: LogBucket;
  readonly repositories: { readonly api: ImageRepository; readonly worker: ImageRepository };
  /** Serves images of others. */
  readonly imageCache: ImageCache;
}

/** What an account or its region has once, and what every other stack leans on: images, alerts, access logs. */
export class AccountStack extends BaseStack {
  readonly outputs: AccountOutputs;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'account', environment);
    const { isProtected, account, operations, storage } = environment;
    const { ciAccountId: accountId, ciRole: role, enhancedScanning, securityContact } = account;

    const alerts = new AlertTopic(this, 'Alerts', { name: 'alerts', emails: operations.alertEmails });
    const { bucket: logBucket } = new AccessLogs(this, 'AccessLogs', { isProtected, retentionDays: storage.logDays });
    const registry = new ImageRegistry(this, 'Images', {
      ...{ isProtected, enhancedScanning, alerts },
      pipeline: { accountId, role },
    });
    new AccountDefaults(this, 'Defaults', { securityContact });
    new CostAnomalies(this, 'CostAnomalies', {
      alerts,
      fromUsd: Math.ceil(operations.monthlyBudgetUsd / 20),
      allocationTags: account.paysItself ? Object.keys(this.requiredTags) : [],
    });
    if (account.guardDuty) new ThreatDetection(this, 'Threats', { alerts });
    if (account.auditTrail) this.#keepRecords(environment, { alerts, logBucket });

    this.outputs = { alerts, logBucket, repositories: registry.repositories, imageCache: registry.cache };
  }

  #keepRecords(
    { isProtected, operations }: Environment,
    { alerts, logBucket: accessLogs }: Pick<AccountOutputs, 'alerts' | 'logBucket'>,
  ): void {
    const { logDays: retentionDays } = operations;
    const store = new AuditStore(this, 'Audit', { accessLogs, retentionDays, isProtected });
    const trail = new AuditTrail(this, 'Trail', { store, retentionDays });
    new ConfigurationRecord(this, 'Settings', { store });
    new AccountAlarms(this, 'Alarms', { trail: trail.logGroup, alerts });
  }
}

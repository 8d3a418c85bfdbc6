import type { Construct } from 'constructs';
import { Alarm, type AlarmDefinition } from '../constructs/aws/alarm.ts';
import { Canary } from '../constructs/aws/canary.ts';
import { CompositeAlarm } from '../constructs/aws/composite-alarm.ts';
import { CostBudget } from '../constructs/aws/cost-budget.ts';
import { Dashboard, type DashboardProps } from '../constructs/aws/dashboard.ts';
import { LineCount } from '../constructs/aws/line-count.ts';
import { EncryptionKey } from '../constructs/aws/encryption-key.ts';
import type { LogGroup } from '../constructs/aws/log-group.ts';
import { PersonalDataMask } from '../constructs/aws/personal-data-mask.ts';
import { SavedQuery } from '../constructs/aws/saved-query.ts';
import { TraceSettings } from '../constructs/aws/trace-settings.ts';
import { readApiSurface } from '../edge/api-surface.ts';
import type { Environment } from '../environments/environment.ts';
import { canaryRuntime, canaryScript } from '../operations/canary-script.ts';
import { cacheAlarms } from '../operations/cache-alarms.ts';
import { costCharts, dataCharts, edgeCharts } from '../operations/dashboards.ts';
import { databaseAlarms, replicaAlarms } from '../operations/database-alarms.ts';
import { canaryAlarm, failureAlarms, outageAlarms, serviceAlarms, targetAlarms } from '../operations/edge-alarms.ts';
import { faultAlarm, faultPattern } from '../operations/log-alarms.ts';
import { logQueries, type LogSource } from '../operations/log-queries.ts';
import { deliveryAlarms, natAlarms, nodeAlarms } from '../operations/platform-alarms.ts';
import type { AccountOutputs } from './account-stack.ts';
import { BaseStack } from './base-stack.ts';
import type { ClusterOutputs } from './cluster-stack.ts';
import type { DataOutputs } from './data-stack.ts';
import type { EdgeOutputs } from './edge-stack.ts';
import type { NetworkOutputs } from './network-stack.ts';

export interface ObservabilityStackProps {
  readonly account: AccountOutputs;
  readonly network: NetworkOutputs;
  readonly data: DataOutputs;
  readonly edge: EdgeOutputs;
  readonly cluster: ClusterOutputs;
}

/** What is watched from outside the cluster, so that it is watched when the cluster is down: alarms, logs, traces, costs. */
export class ObservabilityStack extends BaseStack {
  readonly #props: ObservabilityStackProps;

  constructor(scope: Construct, environment: Environment, props: ObservabilityStackProps) {
    super(scope, 'observability', environment);
    this.#props = props;
    const { operations, database } = environment;
    this.#addLogs();
    const canary = operations.canary ? this.#addCanary(operations.logDays) : undefined;
    const alarms = this.#addAlarms(database.storageGb, canary);
    this.#addDashboards(alarms);
    new TraceSettings(this, 'Traces', {
      sampling: operations.traceSampling,
      healthPath: readApiSurface().healthPath,
    });
    new CostBudget(this, 'Budget', { monthlyUsd: operations.monthlyBudgetUsd, alerts: props.account.alerts });
  }

  #addLogs(): void {
    const { cluster, data, edge } = this.#props;
    new PersonalDataMask(this, 'PersonalData', { logGroup: cluster.containerLogs.application });
    const { primary, replica } = data.database;
    const groups: Readonly<Record<LogSource, readonly LogGroup[]>> = {
      application: [cluster.containerLogs.application],
      firewall: [edge.webAcl.logGroup],
      database: [...primary.logGroups, ...(replica?.logGroups ?? [])],
      'control-plane': [cluster.cluster.logGroup],
    };
    for (const { source, ...query } of logQueries)
      new SavedQuery(this, `Query-${query.name.replace('/', '-')}`, { ...query, logGroups: groups[source] });
  }

  #addCanary(retentionDays: number): Canary {
    const { account, network, edge } = this.#props;
    return new Canary(this, 'Canary', {
      name: 'up',
      script: canaryScript,
      runtime: canaryRuntime,
      environment: { API_ORIGIN: `https://${edge.publicName.hostName}` },
      key: new EncryptionKey(this, 'CanaryKey', { name: 'canary', description: 'Script and results of the canary' }),
      accessLogs: account.logBucket,
      logs: { key: network.logsKey, retentionDays },
    });
  }

  #addAlarms(storageGb: number, canary: Canary | undefined): readonly Alarm[] {
    const { account, network, data, edge, cluster } = this.#props;
    const { primary, replica } = data.database;
    const faults = new LineCount(this, 'Faults', {
      ...{ name: 'faults', logGroup: cluster.containerLogs.application, pattern: faultPattern },
    });
    const outages = this.#alarms([
      ...outageAlarms(edge, this.region),
      ...(canary === undefined ? [] : [canaryAlarm(canary.successPercent)]),
    ]);
    new CompositeAlarm(this, 'ServiceDown', {
      name: 'service-down',
      summary: 'Users cannot reach the service, or nothing is there to serve them.',
      severity: 'page',
      anyOf: outages,
      alerts: account.alerts,
    });
    const others = this.#alarms([
      ...failureAlarms(edge),
      ...serviceAlarms(edge, this.region),
      ...targetAlarms(edge),
      ...databaseAlarms(primary, storageGb),
      ...(replica === undefined ? [] : replicaAlarms(replica)),
      ...cacheAlarms(data.cache),
      ...nodeAlarms(cluster.nodeGroups),
      ...natAlarms(network.natGateways),
      ...deliveryAlarms(account.alerts),
      faultAlarm(faults.metric),
    ]);
    return [...outages, ...others];
  }

  #alarms(definitions: readonly AlarmDefinition[]): readonly Alarm[] {
    const { alerts } = this.#props.account;
    return definitions.map((definition) => new Alarm(this, `Alarm-${definition.name}`, { definition, alerts }));
  }

  #addDashboards(alarms: readonly Alarm[]): void {
    const { network, data, edge } = this.#props;
    const add = (id: string, rows: DashboardProps['rows']) => new Dashboard(this, id, { name: id.toLowerCase(), rows });
    add('Edge', [[{ title: 'Alarms', alarms }], ...edgeCharts(edge, this.region)]);
    add('Data', dataCharts(data));
    add('Cost', costCharts(edge, network.natGateways));
  }
}

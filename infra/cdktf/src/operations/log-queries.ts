/** Where a query looks. */
export type LogSource = 'application' | 'firewall' | 'database' | 'control-plane';

/** A question to logs that is asked again and again. */
export interface LogQuery {
  /** Such as `api/errors-by-route`: the console makes folders of it. */
  readonly name: string;
  readonly source: LogSource;
  /** Commands of CloudWatch Logs Insights, in order. */
  readonly commands: readonly string[];
}

/** Fluent Bit puts the line that a program printed here, beside what it knows of the pod. */
const line = (field: string): string => `log_processed.${field}`;
const message = (text: string): string => `filter ${line('message')} = "${text}"`;

const apiQueries: readonly LogQuery[] = [
  {
    name: 'api/errors-by-route',
    source: 'application',
    commands: [
      `filter ${line('message')} = "request" and ${line('status')} >= 500 and ${line('status')} < 600`,
      `stats count(*) as failures by ${line('route')}, ${line('status')}`,
      'sort failures desc',
      'limit 50',
    ],
  },
  {
    name: 'api/latency-by-route',
    source: 'application',
    commands: [
      message('request'),
      `stats count(*) as requests, pct(${line('durationMs')}, 50) as p50, pct(${line('durationMs')}, 95) as p95, pct(${line('durationMs')}, 99) as p99 by ${line('method')}, ${line('route')}`,
      'sort p99 desc',
      'limit 50',
    ],
  },
  {
    name: 'api/slowest-requests',
    source: 'application',
    commands: [
      `fields @timestamp, ${line('requestId')}, ${line('method')}, ${line('route')}, ${line('status')}, ${line('durationMs')}`,
      message('request'),
      `sort ${line('durationMs')} desc`,
      'limit 50',
    ],
  },
  {
    name: 'api/requests-by-status',
    source: 'application',
    commands: [
      message('request'),
      `stats count(*) as requests by bin(5m), ${line('status')}`,
      'sort requests desc',
      'limit 1000',
    ],
  },
  {
    name: 'api/one-request',
    source: 'application',
    commands: [
      `fields @timestamp, ${line('level')}, ${line('message')}, ${line('status')}, ${line('err.type')}, ${line('err.message')}`,
      `filter ${line('requestId')} = "REQUEST-ID"`,
      'sort @timestamp asc',
      'limit 100',
    ],
  },
  {
    name: 'api/one-trace',
    source: 'application',
    commands: [
      `fields @timestamp, ${line('service')}, ${line('level')}, ${line('message')}, ${line('span_id')}`,
      `filter ${line('trace_id')} = "TRACE-ID"`,
      'sort @timestamp asc',
      'limit 200',
    ],
  },
  {
    name: 'api/faults',
    source: 'application',
    commands: [
      `filter ${line('level')} = "error"`,
      `stats count(*) as lines by ${line('service')}, ${line('message')}, ${line('err.type')}`,
      'sort lines desc',
      'limit 50',
    ],
  },
  {
    name: 'api/dependencies-away',
    source: 'application',
    commands: [
      message('request failed: a dependency is unavailable'),
      `stats count(*) as requests by bin(5m), ${line('err.type')}`,
      'sort requests desc',
      'limit 200',
    ],
  },
  {
    name: 'api/abandoned-requests',
    source: 'application',
    commands: [
      `filter ${line('message')} = "request" and ${line('status')} = 499`,
      `stats count(*) as abandoned, avg(${line('durationMs')}) as meanMs by ${line('route')}`,
      'sort abandoned desc',
      'limit 50',
    ],
  },
  {
    name: 'api/refused-sign-ins',
    source: 'application',
    commands: [message('sign-in failed'), 'stats count(*) as attempts by bin(5m)', 'sort attempts desc', 'limit 200'],
  },
  {
    name: 'api/readiness-changes',
    source: 'application',
    commands: [
      `fields @timestamp, kubernetes.pod_name, ${line('check')}, ${line('ok')}, ${line('err.message')}`,
      message('readiness changed'),
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  {
    name: 'api/stored-bytes-by-account',
    source: 'application',
    commands: [
      message('object stored'),
      `stats count(*) as objects, sum(${line('sizeBytes')}) as bytes by ${line('accountId')}`,
      'sort bytes desc',
      'limit 50',
    ],
  },
  {
    name: 'api/cache-closed',
    source: 'application',
    commands: [
      `fields @timestamp, kubernetes.pod_name, ${line('closedForMs')}`,
      message('cache closed: it may hold what is no longer true'),
      'sort @timestamp desc',
      'limit 100',
    ],
  },
];

const workerQueries: readonly LogQuery[] = [
  {
    name: 'worker/runs',
    source: 'application',
    commands: [
      message('job run ended'),
      `stats count(*) as runs, pct(${line('durationMs')}, 95) as p95Ms, sum(${line('faults')}) as faults by ${line('job')}, ${line('outcome')}`,
      'sort runs desc',
      'limit 100',
    ],
  },
];

const firewallQueries: readonly LogQuery[] = [
  {
    name: 'firewall/refused-by-rule',
    source: 'firewall',
    commands: [
      'filter action = "BLOCK"',
      'stats count(*) as requests by terminatingRuleId, httpRequest.httpMethod',
      'sort requests desc',
      'limit 50',
    ],
  },
  {
    name: 'firewall/refused-by-address',
    source: 'firewall',
    commands: [
      'filter action = "BLOCK"',
      'stats count(*) as requests by httpRequest.clientIp, httpRequest.country',
      'sort requests desc',
      'limit 50',
    ],
  },
  {
    name: 'firewall/flagged-uploads',
    source: 'firewall',
    commands: [
      'fields @timestamp, httpRequest.clientIp, httpRequest.uri, labels.0.name, labels.1.name',
      'filter action = "ALLOW"',
      'sort @timestamp desc',
      'limit 100',
    ],
  },
];

const platformQueries: readonly LogQuery[] = [
  {
    name: 'database/slow-statements',
    source: 'database',
    commands: [
      'filter @message like /duration: [0-9.]+ ms/',
      'parse @message "duration: * ms" as durationMs',
      'fields @timestamp, durationMs, @message',
      'sort durationMs desc',
      'limit 50',
    ],
  },
  {
    name: 'cluster/refused-calls',
    source: 'control-plane',
    commands: [
      'filter kind = "Event" and responseStatus.code = 403',
      'stats count(*) as calls by user.username, verb, objectRef.resource, objectRef.namespace',
      'sort calls desc',
      'limit 50',
    ],
  },
  {
    name: 'cluster/changes',
    source: 'control-plane',
    commands: [
      'fields @timestamp, user.username, verb, objectRef.resource, objectRef.namespace, objectRef.name',
      'filter kind = "Event" and verb in ["create", "update", "patch", "delete"] and user.username not like /^system:/',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
];

/** Every saved query. The network stack has one more: connections that were refused. */
export const logQueries: readonly LogQuery[] = [
  ...apiQueries,
  ...workerQueries,
  ...firewallQueries,
  ...platformQueries,
];

import { describe, expect, it } from '@jest/globals';
import { fieldsOf, runQuery, type LogEvent, type Row } from '../../test/logs-insights.ts';
import { readLogContract } from './log-contract.ts';
import { logQueries } from './log-queries.ts';

const contract = readLogContract();
const messages: Readonly<Record<string, readonly string[]>> = { ...contract.programs.api, ...contract.programs.worker };
const at = '2026-11-25T10:03:00.000Z';

/** A line of the API as Fluent Bit hands it on. The contract says which fields its message has. */
function line(message: string, fields: Readonly<Record<string, unknown>> = {}, level = 'info'): LogEvent {
  const own = messages[message];
  if (own === undefined) throw new Error(`The contract knows no message "${message}".`);
  const allowed = [...own, ...contract.traced];
  for (const name of Object.keys(fields))
    if (!allowed.includes(name)) throw new Error(`The message "${message}" has no field ${name}.`);
  return {
    '@timestamp': at,
    kubernetes: { pod_name: 'api-blue-1' },
    log_processed: { level, time: at, service: 'api', message, ...fields },
  };
}

function request(route: string, status: number, durationMs: number): LogEvent {
  return line('request', { requestId: `${route}-${durationMs}`, method: 'GET', route, status, durationMs });
}

const err = { type: 'DatabaseUnavailableError', message: 'gone', stack: '' };
const refused = (rule: string, clientIp: string): LogEvent => ({
  ...{ '@timestamp': at, action: 'BLOCK', terminatingRuleId: rule },
  httpRequest: { clientIp, country: 'NL', httpMethod: 'GET', uri: '/' },
});
const audit = (username: string, verb: string, code: number): LogEvent => ({
  ...{ '@timestamp': at, kind: 'Event', verb, user: { username }, responseStatus: { code } },
  objectRef: { resource: 'secrets', namespace: 'stowage', name: 'a' },
});

/** For each query: events, and what it answers of them. */
const cases: Readonly<Record<string, { readonly events: readonly LogEvent[]; readonly rows: readonly Row[] }>> = {
  'api/errors-by-route': {
    events: [
      request('/a', 500, 1),
      request('/a', 500, 2),
      request('/b', 503, 1),
      request('/b', 200, 1),
      request('/b', 404, 1),
    ],
    rows: [
      { 'log_processed.route': '/a', 'log_processed.status': 500, failures: 2 },
      { 'log_processed.route': '/b', 'log_processed.status': 503, failures: 1 },
    ],
  },
  'api/latency-by-route': {
    events: Array.from({ length: 100 }, (_, index) => request('/a', 200, index + 1)),
    rows: [{ 'log_processed.method': 'GET', 'log_processed.route': '/a', requests: 100, p50: 50, p95: 95, p99: 99 }],
  },
  'api/slowest-requests': {
    events: [
      request('/fast', 200, 3),
      request('/slow', 200, 2_000),
      line('signed in', { accountId: 'a', userId: 'u' }),
    ],
    rows: [
      {
        '@timestamp': at,
        'log_processed.requestId': '/slow-2000',
        'log_processed.method': 'GET',
        'log_processed.route': '/slow',
        'log_processed.status': 200,
        'log_processed.durationMs': 2_000,
      },
      {
        '@timestamp': at,
        'log_processed.requestId': '/fast-3',
        'log_processed.method': 'GET',
        'log_processed.route': '/fast',
        'log_processed.status': 200,
        'log_processed.durationMs': 3,
      },
    ],
  },
  'api/requests-by-status': {
    events: [request('/a', 200, 1), request('/b', 200, 1), request('/b', 404, 1)],
    rows: [
      { 'bin(5m)': '2026-11-25T10:00:00.000Z', 'log_processed.status': 200, requests: 2 },
      { 'bin(5m)': '2026-11-25T10:00:00.000Z', 'log_processed.status': 404, requests: 1 },
    ],
  },
  'api/one-request': {
    events: [
      line('request failed', { requestId: 'REQUEST-ID', err }, 'error'),
      line('request failed', { requestId: 'another', err }, 'error'),
    ],
    rows: [
      {
        '@timestamp': at,
        'log_processed.level': 'error',
        'log_processed.message': 'request failed',
        'log_processed.err.type': 'DatabaseUnavailableError',
        'log_processed.err.message': 'gone',
      },
    ],
  },
  'api/one-trace': {
    events: [
      line('sign-in failed', { trace_id: 'TRACE-ID', span_id: 's1' }),
      line('sign-in failed', { trace_id: 'another', span_id: 's2' }),
      line('sign-in failed'),
    ],
    rows: [
      {
        '@timestamp': at,
        'log_processed.service': 'api',
        'log_processed.level': 'info',
        'log_processed.message': 'sign-in failed',
        'log_processed.span_id': 's1',
      },
    ],
  },
  'api/faults': {
    events: [line('request failed', { requestId: 'r', err }, 'error'), request('/a', 500, 1)],
    rows: [
      {
        'log_processed.service': 'api',
        'log_processed.message': 'request failed',
        'log_processed.err.type': 'DatabaseUnavailableError',
        lines: 1,
      },
    ],
  },
  'api/dependencies-away': {
    events: [
      line('request failed: a dependency is unavailable', { requestId: 'r', err }, 'warn'),
      request('/a', 503, 1),
    ],
    rows: [
      { 'bin(5m)': '2026-11-25T10:00:00.000Z', 'log_processed.err.type': 'DatabaseUnavailableError', requests: 1 },
    ],
  },
  'api/abandoned-requests': {
    events: [request('/a', 499, 100), request('/a', 499, 300), request('/a', 200, 1)],
    rows: [{ 'log_processed.route': '/a', abandoned: 2, meanMs: 200 }],
  },
  'api/refused-sign-ins': {
    events: [line('sign-in failed'), line('sign-in failed'), line('signed in', { accountId: 'a', userId: 'u' })],
    rows: [{ 'bin(5m)': '2026-11-25T10:00:00.000Z', attempts: 2 }],
  },
  'api/readiness-changes': {
    events: [line('readiness changed', { check: 'database', ok: false, err }, 'warn'), request('/a', 200, 1)],
    rows: [
      {
        '@timestamp': at,
        'kubernetes.pod_name': 'api-blue-1',
        'log_processed.check': 'database',
        'log_processed.ok': false,
        'log_processed.err.message': 'gone',
      },
    ],
  },
  'api/stored-bytes-by-account': {
    events: [1, 2].map((sizeBytes) => line('object stored', { accountId: 'a', userId: 'u', sizeBytes })),
    rows: [{ 'log_processed.accountId': 'a', objects: 2, bytes: 3 }],
  },
  'api/cache-closed': {
    events: [
      line('cache closed: it may hold what is no longer true', { closedForMs: 9 }, 'warn'),
      request('/a', 200, 1),
    ],
    rows: [{ '@timestamp': at, 'kubernetes.pod_name': 'api-blue-1', 'log_processed.closedForMs': 9 }],
  },
  'worker/runs': {
    events: [1, 2].map((durationMs) =>
      line('job run ended', { job: 'verify-blobs', outcome: 'succeeded', durationMs, faults: 1 }),
    ),
    rows: [{ 'log_processed.job': 'verify-blobs', 'log_processed.outcome': 'succeeded', runs: 2, p95Ms: 2, faults: 2 }],
  },
  'firewall/refused-by-rule': {
    events: [refused('common', '192.0.2.1'), refused('common', '192.0.2.2'), { action: 'ALLOW' }],
    rows: [{ terminatingRuleId: 'common', 'httpRequest.httpMethod': 'GET', requests: 2 }],
  },
  'firewall/refused-by-address': {
    events: [refused('common', '192.0.2.1'), refused('sql-injection', '192.0.2.1'), { action: 'ALLOW' }],
    rows: [{ 'httpRequest.clientIp': '192.0.2.1', 'httpRequest.country': 'NL', requests: 2 }],
  },
  'firewall/flagged-uploads': {
    events: [
      { ...refused('', '192.0.2.1'), action: 'ALLOW', labels: [{ name: 'one' }, { name: 'two' }] },
      refused('common', '192.0.2.2'),
    ],
    rows: [
      {
        '@timestamp': at,
        'httpRequest.clientIp': '192.0.2.1',
        'httpRequest.uri': '/',
        'labels.0.name': 'one',
        'labels.1.name': 'two',
      },
    ],
  },
  'database/slow-statements': {
    events: ['duration: 900.5 ms  execute a', 'duration: 1500 ms  execute b', 'connection received'].map((text) => ({
      ...{ '@timestamp': at, '@message': text },
    })),
    rows: [
      { '@timestamp': at, durationMs: '1500', '@message': 'duration: 1500 ms  execute b' },
      { '@timestamp': at, durationMs: '900.5', '@message': 'duration: 900.5 ms  execute a' },
    ],
  },
  'cluster/refused-calls': {
    events: [audit('ada', 'get', 403), audit('ada', 'get', 403), audit('ada', 'get', 200)],
    rows: [
      {
        'user.username': 'ada',
        verb: 'get',
        'objectRef.resource': 'secrets',
        'objectRef.namespace': 'stowage',
        calls: 2,
      },
    ],
  },
  'cluster/changes': {
    events: [audit('ada', 'delete', 200), audit('ada', 'list', 200), audit('system:node:a', 'update', 200)],
    rows: [
      {
        '@timestamp': at,
        'user.username': 'ada',
        verb: 'delete',
        'objectRef.resource': 'secrets',
        'objectRef.namespace': 'stowage',
        'objectRef.name': 'a',
      },
    ],
  },
};

describe('saved queries', () => {
  it('are at least ten, each with a name of its own', () => {
    const names = logQueries.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(10);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(cases).sort()).toEqual([...names].sort());
  });

  it.each(logQueries)('$name answers', ({ name, commands }) => {
    expect(runQuery(commands, cases[name]?.events ?? [])).toEqual(cases[name]?.rows);
  });

  it.each(logQueries)('$name is bounded, and sorted where order matters', ({ commands }) => {
    expect(commands.at(-1)).toMatch(/^limit \d+$/);
    expect(commands.at(-2)).toMatch(/^sort /);
  });

  it.each(logQueries.filter(({ source }) => source === 'application'))(
    '$name asks for fields that are logged',
    (query) => {
      const known = new Set([
        ...contract.everyLine,
        ...Object.values(messages).flat(),
        ...contract.traced,
        ...contract.error.map((field) => `err.${field}`),
      ]);
      const own = fieldsOf(query.commands).filter((field) => !field.startsWith('kubernetes.'));
      expect(own.length).toBeGreaterThan(0);
      for (const field of own) expect([field, known.has(field.replace(/^log_processed\./, ''))]).toEqual([field, true]);
      for (const [, text = ''] of query.commands.join('\n').matchAll(/message = "([^"]*)"/g))
        expect(Object.keys(messages)).toContain(text);
    },
  );
});

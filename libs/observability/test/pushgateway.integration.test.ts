import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BatchMetrics, Counter, createMetricsRegistry, Gauge, Pushgateway } from '../src/index.ts';
import type { PushgatewayOptions, Registry } from '../src/index.ts';
import { PrometheusProcess, PushgatewayProcess } from '../src/testing/index.ts';
import { BlackHole } from '../src/testing/black-hole.ts';
import { BrokenGateway } from '../src/testing/broken-gateway.ts';
import type { Misbehaviour } from '../src/testing/broken-gateway.ts';

const JUNE = new Date('2026-06-01T00:00:00Z');
const JULY = new Date('2026-07-01T00:00:00Z');

const opened = new AsyncDisposableStack();
let gateway: PushgatewayProcess;
let prometheus: PrometheusProcess;

beforeAll(async () => {
  gateway = opened.use(await PushgatewayProcess.start(executable('TEST_PUSHGATEWAY')));
  const targets = { gateway: gateway.url };
  prometheus = opened.use(await PrometheusProcess.start(executable('TEST_PROMETHEUS'), { targets }));
});
afterAll(() => opened.disposeAsync());

function executable(name: string): string {
  const path = process.env[name];
  if (path === undefined) throw new Error(`${name} is not set: run the tests through Nx`);
  return path;
}

function givenClient(job: string, options: Partial<PushgatewayOptions> = {}): Pushgateway {
  // A limit that is to pass is the test's own.
  return new Pushgateway({ url: gateway.url, grouping: { job, env: 'test' }, timeoutMs: 60_000, ...options });
}

function givenRun({ at, succeeded }: { at: Date; succeeded: boolean }): Registry {
  const metrics = new BatchMetrics();
  const startedAt = new Date(at.getTime() - 60_000);
  metrics.record({ startedAt, finishedAt: at, succeeded, items: { tidied: 3, failed: 0 }, bytes: 10 });
  return metrics.registry;
}

function givenGauge(name: string): Registry {
  const registry = createMetricsRegistry({ defaultMetrics: false });
  new Gauge({ name, help: 'A gauge.', registers: [registry] }).set(1);
  return registry;
}

describe('a gateway that is not right', () => {
  async function pushTo(misbehaviour: Misbehaviour, timeoutMs?: number): Promise<unknown> {
    await using broken = await BrokenGateway.start(misbehaviour);
    const client = givenClient('tidy', { url: broken.url, ...(timeoutMs !== undefined && { timeoutMs }) });
    const result = await client.push(givenGauge('a'));
    expect(broken.requests).toEqual(['POST /metrics/job/tidy/env/test HTTP/1.1']);
    return result;
  }

  it.each(['silent', 'drips headers', 'drips a refusal'] as const)('that %s is given up in time', async (fault) => {
    const error = expect.objectContaining({ name: 'TimeoutError' });
    expect(await pushTo(fault, 2_000)).toEqual({ ok: false, reason: 'timeout', error });
  });

  it.each(['cuts its refusal', 'hangs up'] as const)('that %s is a failure', async (fault) => {
    expect(await pushTo(fault)).toEqual({
      ok: false,
      reason: 'failed',
      error: expect.objectContaining({ message: expect.any(String) }),
    });
  });

  it('that drops whoever connects is given up in time, and nothing goes on connecting', async () => {
    await using hole = await BlackHole.open();
    const error = expect.objectContaining({ name: 'TimeoutError' });
    const result = await givenClient('tidy', { url: hole.url, timeoutMs: 200 }).push(givenGauge('a'));
    expect(result).toEqual({ ok: false, reason: 'timeout', error });
    // What the process would wait for before it ends.
    expect(process.getActiveResourcesInfo()).not.toContain('TCPConnectWrap');
  });

  it('that answers at length why it refuses is quoted in short', async () => {
    const message = expect.stringMatching(/^the gateway answered 400: text format parsing error and so on.{900,1000}$/);
    expect(await pushTo('refuses')).toEqual({
      ok: false,
      reason: 'rejected',
      error: expect.objectContaining({ message }),
    });
  });

  it('that redirects has refused, and is not followed', async () => {
    const error = expect.objectContaining({ message: 'the gateway answered 301:' });
    expect(await pushTo('redirects')).toEqual({ ok: false, reason: 'rejected', error });
  });

  it('that nobody listens at is a failure', async () => {
    const { url } = await (async () => {
      await using gone = await BrokenGateway.start('silent');
      return { url: gone.url };
    })();
    const error = expect.objectContaining({ code: 'ECONNREFUSED' });
    expect(await givenClient('tidy', { url }).push(givenGauge('a'))).toEqual({ ok: false, reason: 'failed', error });
  });
});

describe('a real gateway', () => {
  it.each(['prod/eu', '..', 'ümlaut', 'a b', '%2F', '/'])('keeps the grouping value %j', async (env) => {
    const client = givenClient('odd', { grouping: { job: 'odd', env } });
    expect(await client.push(givenGauge('odd'))).toEqual({ ok: true });
    expect((await gateway.groups()).map(({ labels }) => labels)).toContainEqual({ job: 'odd', env });
  });

  it('is found below a path', async () => {
    expect(await givenClient('rooted', { url: `${gateway.url}//` }).push(givenGauge('rooted'))).toEqual({ ok: true });
    const error = expect.objectContaining({ message: expect.stringMatching(/^the gateway answered 404/) });
    const elsewhere = await givenClient('rooted', { url: `${gateway.url}/below` }).push(givenGauge('rooted'));
    expect(elsewhere).toEqual({ ok: false, reason: 'rejected', error });
  });

  it('says why it refuses what it cannot read', async () => {
    const registry = createMetricsRegistry({ defaultMetrics: false });
    registry.metrics = () => Promise.resolve('without_an_end 1');
    const message = expect.stringMatching(/^the gateway answered 400: text format parsing error/);
    const rejected = { ok: false, reason: 'rejected', error: expect.objectContaining({ message }) };
    expect(await givenClient('unread').push(registry)).toEqual(rejected);
  });

  it('takes no metric whose type is another in another group, and Prometheus sees that a push failed', async () => {
    expect(await givenClient('first').push(givenGauge('conflict'))).toEqual({ ok: true });
    const registry = createMetricsRegistry({ defaultMetrics: false });
    new Counter({ name: 'conflict', help: 'A counter.', registers: [registry] });
    // Upstream says 400; the 1.11.0 of Debian 13 stumbles over the log line about it and hangs up.
    expect(await givenClient('second').push(registry)).toMatchObject({ ok: false });
    const failures = await prometheus.untilSeries('push_failure_time_seconds{job="second"} > push_time_seconds');
    expect(failures).toHaveLength(1);
  });

  it('shows Prometheus each metric of a run, and the last success also after a failure', async () => {
    const client = givenClient('tidy');
    expect(await client.push(givenRun({ at: JUNE, succeeded: true }))).toEqual({ ok: true });
    expect(await client.push(givenRun({ at: JULY, succeeded: false }))).toEqual({ ok: true });
    await prometheus.untilSeries(`batch_last_run_timestamp_seconds{job="tidy"} == ${JULY.getTime() / 1_000}`);
    const samples = await prometheus.query('{__name__=~"batch_.+",job="tidy",env="test"}');
    const values = samples.map(({ labels, value }) => [labels.__name__, labels.outcome, value]);
    expect(values.sort()).toEqual([
      ['batch_last_duration_seconds', undefined, 60],
      ['batch_last_run_bytes', undefined, 10],
      ['batch_last_run_processed_items', 'failed', 0],
      ['batch_last_run_processed_items', 'tidied', 3],
      ['batch_last_run_timestamp_seconds', undefined, JULY.getTime() / 1_000],
      ['batch_last_success_timestamp_seconds', undefined, JUNE.getTime() / 1_000],
    ]);
  });

  it('forgets the group of a job that is run no more, and no other', async () => {
    const [leaving, staying] = [givenClient('leaving'), givenClient('staying')];
    await leaving.push(givenGauge('stays'));
    await staying.push(givenGauge('stays'));
    await prometheus.untilSeries('stays{job="leaving"}');
    expect(await leaving.decommission()).toEqual({ ok: true });
    await prometheus.untilSeries('stays{job="staying"} unless on() stays{job="leaving"}');
    expect(await leaving.decommission()).toEqual({ ok: true }); // what is gone may be asked to go
  });
});

describe('a gateway that is started again', () => {
  it('has lost the group without a file to keep it in', async () => {
    await using volatile = await PushgatewayProcess.start(executable('TEST_PUSHGATEWAY'));
    expect(await givenClient('tidy', { url: volatile.url }).push(givenGauge('a'))).toEqual({ ok: true });
    await volatile.restart();
    expect(await volatile.groups()).toEqual([]);
    expect(await givenClient('tidy', { url: volatile.url }).push(givenGauge('a'))).toEqual({ ok: true });
  });

  it('has kept the group with one, when it was stopped in order', async () => {
    await using persistent = await PushgatewayProcess.start(executable('TEST_PUSHGATEWAY'), { persistent: true });
    const client = givenClient('tidy', { url: persistent.url });
    expect(await client.push(givenRun({ at: JUNE, succeeded: true }))).toEqual({ ok: true });
    await persistent.stop();
    expect(await client.push(givenRun({ at: JULY, succeeded: false }))).toMatchObject({ ok: false, reason: 'failed' });
    await persistent.restart();
    const [group] = await persistent.groups();
    expect(group?.labels).toEqual({ job: 'tidy', env: 'test' });
    expect(group?.metrics).toContain('batch_last_success_timestamp_seconds');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { blobStoreKinds, givenStores, type Environment, type Stores } from './given.ts';
import { expectedReport, givenMeasuredMonth, month, today } from './measured-month.ts';
import { givenMonitoring, type Monitoring } from './monitoring.ts';
import { startRealApi, type RealApi } from './real-api.ts';
import { killRuns, runWorkerProcess, type WorkerExit } from './spawn-worker.ts';

const opened = new AsyncDisposableStack();
let monitoring: Monitoring;
beforeAll(async () => {
  const { path: dataDirectory } = opened.use(await givenMeasuredMonth());
  monitoring = opened.use(await givenMonitoring({ dataDirectory }));
});
afterAll(() => opened.disposeAsync());

/** An API with a bucket for reports, and what names it and Prometheus to the worker. */
class Given implements AsyncDisposable {
  readonly stores: Stores;
  readonly #api: RealApi;

  constructor(stores: Stores, api: RealApi) {
    this.stores = stores;
    this.#api = api;
  }

  get env(): Environment {
    return {
      ...monitoring.env,
      TEST_TODAY: today.toISOString(),
      PROMETHEUS_URL: monitoring.prometheus.url,
      STOWAGE_API_URL: this.#api.url,
      SLA_REPORT_BUCKET: this.#api.owner.bucket,
      SLA_REPORT_TOKEN: this.#api.owner.token,
    };
  }

  run(args: readonly string[] = [], env: Environment = {}): Promise<WorkerExit> {
    return runWorkerProcess(this.stores, ['report-sla', '--json', ...args], { env: { ...this.env, ...env } });
  }

  /** The report as the API gives it out; undefined when there is none. */
  async read(format: 'json' | 'md'): Promise<{ readonly type: string | null; readonly text: string } | undefined> {
    const response = await this.#call('GET', format);
    if (response.status === 404) return undefined;
    return { type: response.headers.get('content-type'), text: await response.text() };
  }

  async delete(): Promise<void> {
    for (const format of ['json', 'md'] as const) await this.#call('DELETE', format);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api[Symbol.asyncDispose]();
    await this.stores[Symbol.asyncDispose]();
  }

  #call(method: string, format: 'json' | 'md'): Promise<Response> {
    const { url: origin, owner } = this.#api;
    const { bucket, token } = owner;
    const url = `${origin}/v1/buckets/${bucket}/objects/sla/${month.name}.${format}`;
    return fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
  }
}

async function given(kind: (typeof blobStoreKinds)[number] = 'files'): Promise<Given> {
  await using opened = new AsyncDisposableStack();
  const stores = opened.use(await givenStores(kind));
  const api = await startRealApi(stores);
  opened.move();
  return new Given(stores, api);
}

function resultOf({ stdout }: WorkerExit): { readonly finishedAt: string; readonly error?: string } {
  return JSON.parse(stdout) as { readonly finishedAt: string };
}

describe.each(blobStoreKinds)('report-sla with blobs in %s', (kind) => {
  it('stores what Prometheus knows of the last month, and Prometheus sees that it did', async () => {
    await using here = await given(kind);
    const exit = await here.run();
    expect([exit.code, exit.code === 0 ? '' : exit.stderr]).toEqual([0, '']);
    const [json, markdown] = [await here.read('json'), await here.read('md')];
    expect(json?.type).toBe('application/json');
    expect(JSON.parse(json?.text ?? '')).toEqual(expectedReport);
    expect(markdown?.type).toBe('text/markdown; charset=utf-8');
    expect(markdown?.text).toContain('| availability | 99.099 % |');
    const finished = new Date(resultOf(exit).finishedAt).getTime() / 1000;
    const bytes = Buffer.byteLength(`${json?.text ?? ''}${markdown?.text ?? ''}`);
    expect(await monitoring.metricsOf('report-sla', exit)).toEqual({
      stowage_report_sla_month_end_timestamp_seconds: month.end.getTime() / 1000,
      stowage_report_sla_missing_minutes: 120,
      stowage_report_sla_availability_ratio: 0.990991,
      batch_last_run_timestamp_seconds: finished,
      batch_last_success_timestamp_seconds: finished,
      batch_last_duration_seconds: expect.any(Number),
      batch_last_run_bytes: bytes,
      'batch_last_run_processed_items{outcome="read"}': month.dayEnds.length,
      'batch_last_run_processed_items{outcome="written"}': 2,
      'batch_last_run_processed_items{outcome="existing"}': 0,
      batch_unreported_runs: 0,
    });
  });
});

describe('report-sla', () => {
  let here: Given;
  beforeAll(async () => {
    here = await given();
  });
  afterAll(async () => {
    await here[Symbol.asyncDispose]();
  });

  it('writes nothing in a dry run', async () => {
    const exit = await here.run(['--dry-run']);
    expect([exit.code, await here.read('json'), await here.read('md')]).toEqual([0, undefined, undefined]);
  });

  it('1: refuses when Prometheus has measured too little', async () => {
    const exit = await here.run([], { SLA_REPORT_JOB: 'another' });
    expect(exit.code).toBe(1);
    expect(resultOf(exit).error).toMatch(/^TooLittleDataError: Prometheus measured 0 of the \d+ minutes/);
    expect(await here.read('json')).toBeUndefined();
    expect(await monitoring.metricsOf('report-sla', exit)).toMatchObject({
      stowage_report_sla_missing_minutes: 120, // still those of the last report
      batch_last_success_timestamp_seconds: expect.any(Number),
    });
  });

  it('1: says that Prometheus cannot be reached', async () => {
    const exit = await here.run([], { PROMETHEUS_URL: 'http://127.0.0.1:2' });
    expect([exit.code, resultOf(exit).error]).toEqual([1, 'TrafficUnavailableError: Prometheus did not answer']);
  });

  it('1: says that the API does not know the token, without the token', async () => {
    const exit = await here.run([], { SLA_REPORT_TOKEN: 'no-such-token' });
    expect([exit.code, resultOf(exit).error]).toEqual([1, expect.stringContaining('the API answered 401')]);
    expect(exit.stdout + exit.stderr).not.toContain('no-such-token');
  });

  it('2: names the settings that are missing', async () => {
    const exit = await here.run([], { PROMETHEUS_URL: '', SLA_REPORT_TOKEN: '' });
    expect(exit.code).toBe(2);
    expect(exit.stderr).toContain('  PROMETHEUS_URL: required by report-sla\n  SLA_REPORT_TOKEN: required');
  });

  it('leaves a report that is there as it is', async () => {
    expect((await here.run()).code).toBe(0);
    const before = await here.read('json');
    const again = await here.run();
    expect(resultOf(again)).toMatchObject({ complete: true, counts: { existing: 1 } });
    expect(await here.read('json')).toEqual(before);
  });

  it('writes the same report, however often it was killed, and reads no day twice', async () => {
    const clean = await Promise.all([here.read('json'), here.read('md')]);
    const { db } = here.stores;
    await db.execute(sql('forget_runs')`delete from job_runs`);
    await here.delete();
    let reports = 1;
    // Each report that is whole is deleted, for the next runs to write it again.
    const beforeRun = async (): Promise<void> => {
      const unfinished = await db.row(sql('test_checkpoint')`select from job_checkpoints`);
      if (unfinished !== undefined || (await here.read('json')) === undefined) return;
      await here.delete();
      reports += 1;
    };
    const { killed, last } = await killRuns(here.stores, ['report-sla', '--json'], {
      ...{ kills: 100, withinOperations: 16, beforeRun },
      env: { ...here.env, PUSHGATEWAY_URL: '' },
    });
    expect([killed, last.code]).toEqual([100, 0]);
    expect(await Promise.all([here.read('json'), here.read('md')])).toEqual(clean);
    const read = await db.row<{ days: number }>(
      sql('test_read')`select sum((counts->>'read')::bigint)::bigint as days from job_runs`,
    );
    expect(read).toEqual({ days: reports * month.dayEnds.length });
  });
});

import { describe, expect, it } from '@jest/globals';
import { MemoryJobRun, noTransaction, type MemoryJobRunOptions } from '../memory-job-run.ts';
import { MemoryReportStore } from './memory-report-store.ts';
import { TooLittleDataError } from './report-sla-errors.ts';
import { ReportSlaJob } from './report-sla-job.ts';
import type { Traffic } from './traffic.ts';

const day: Traffic = {
  coveredMinutes: 24 * 60,
  routes: [
    {
      method: 'GET',
      route: '/v1/buckets',
      requests: 100,
      serverErrors: 1,
      buckets: { 0.1: 50, 0.3: 90, 1: 100, Infinity: 100 },
    },
  ],
};

class Given {
  readonly reports = new MemoryReportStore();
  /** The days that were asked for. */
  readonly read: string[] = [];
  readonly #days: (dayEnd: Date) => Traffic;

  constructor(days: (dayEnd: Date) => Traffic = () => day) {
    this.#days = days;
  }

  async run(
    options: MemoryJobRunOptions & { into?: MemoryJobRun } = {},
  ): Promise<MemoryJobRun & { readonly complete: boolean }> {
    const run = options.into ?? new MemoryJobRun(options);
    const readDay = async (dayEnd: Date): Promise<Traffic> => {
      this.read.push(dayEnd.toISOString().slice(0, 10));
      return this.#days(dayEnd);
    };
    const now = (): Date => new Date('2026-03-01T03:00:00Z');
    const job = new ReportSlaJob({ traffic: { readDay }, reports: this.reports, db: noTransaction, now });
    const { complete } = await job.run(run);
    return Object.assign(run, { complete });
  }
}

describe('ReportSlaJob', () => {
  it('adds up the days of the last month and writes two reports', async () => {
    const given = new Given();
    const run = await given.run();
    expect([run.complete, run.counts, run.total]).toEqual([true, { read: 28, written: 2 }, 28]);
    expect([given.read.length, given.read[0], given.read.at(-1)]).toEqual([28, '2026-02-02', '2026-03-01']);
    expect(JSON.parse(given.reports.reports.get('sla/2026-02.json') ?? '')).toEqual({
      month: '2026-02',
      from: '2026-02-01T00:00:00.000Z',
      until: '2026-03-01T00:00:00.000Z',
      availability: { requests: 2800, serverErrors: 28, ratio: 0.99 },
      latency: [
        {
          ...{ method: 'GET', route: '/v1/buckets', requests: 2800, serverErrors: 28 },
          ...{ p50Seconds: 0.1, p99Seconds: 0.93, within300Ms: 0.9, within1S: 1 },
        },
      ],
      data: { minutes: 40_320, missingMinutes: 0 },
    });
    const markdown = given.reports.reports.get('sla/2026-02.md');
    expect(markdown).toContain('| availability | 99.000 % |');
    expect(markdown).toContain('| GET `/v1/buckets` | 2,800 | 28 | 0.100 s | 0.930 s | 90.000 % | 100.000 % |');
  });

  it('asks for nothing when the report is there', async () => {
    const given = new Given();
    await given.run();
    given.read.length = 0;
    const again = await given.run();
    expect([again.complete, again.counts, given.read]).toEqual([true, { existing: 1 }, []]);
    expect(again.registry.getMetricsAsArray()).toEqual([]);
  });

  it('goes on with the days it has not read, and makes the same report', async () => {
    const whole = new Given((dayEnd) => ({ ...day, coveredMinutes: 1400 + dayEnd.getUTCDate() }));
    await whole.run();
    const parts = new Given((dayEnd) => ({ ...day, coveredMinutes: 1400 + dayEnd.getUTCDate() }));
    let checkpoint: unknown;
    for (let complete = false; !complete;) ({ complete, checkpoint } = await parts.run({ limit: 5, checkpoint }));
    expect(parts.read).toEqual(whole.read);
    expect(parts.reports.reports).toEqual(whole.reports.reports);
  });

  it('begins anew with what an earlier month has left', async () => {
    const given = new Given();
    const run = await given.run({ checkpoint: { month: '2026-01', days: 20, traffic: day } });
    expect(run.counts).toEqual({ read: 28, written: 2 });
  });

  it('refuses to report on a month of which too little was measured', async () => {
    const given = new Given((dayEnd) => (dayEnd.getUTCDate() < 5 ? { coveredMinutes: 0, routes: [] } : day));
    const refusal = given.run();
    await expect(refusal).rejects.toThrow(TooLittleDataError);
    await expect(refusal).rejects.toThrow('Prometheus measured 34560 of the 40320 minutes of 2026-02');
    expect(given.reports.reports.size).toBe(0);
  });

  it('reads anew after a refusal, as more may be known by then', async () => {
    let covered = 0;
    const given = new Given(() => ({ ...day, coveredMinutes: covered }));
    const steps = new MemoryJobRun();
    await expect(given.run({ into: steps })).rejects.toThrow(TooLittleDataError);
    covered = 1440;
    expect((await given.run({ checkpoint: steps.checkpoint })).counts).toEqual({ read: 28, written: 2 });
  });

  it('reports a month in which nobody came', async () => {
    const given = new Given(() => ({ coveredMinutes: 1440, routes: [] }));
    const run = await given.run();
    expect(JSON.parse(given.reports.reports.get('sla/2026-02.json') ?? '')).toMatchObject({
      availability: { requests: 0, serverErrors: 0 },
      latency: [],
    });
    expect(await run.registry.metrics()).not.toContain('stowage_report_sla_availability_ratio');
  });

  it('writes nothing in a dry run', async () => {
    const given = new Given();
    const run = await given.run({ dryRun: true });
    expect([run.complete, run.counts, given.reports.reports.size]).toEqual([true, { read: 28, written: 2 }, 0]);
  });
});

import type { Db } from '@stowage/db';
import { z } from 'zod';
import type { Job, JobFindings, JobRun } from '../job.ts';
import type { ReportStore, StoredReport } from './report-store.ts';
import { findLastMonth, type SlaMonth } from './sla-month.ts';
import { TooLittleDataError } from './report-sla-errors.ts';
import { setReportSlaMetrics } from './report-sla-metrics.ts';
import { toJson, toMarkdown } from './sla-report-text.ts';
import { makeSlaReport, minutesOf } from './sla-report.ts';
import type { TrafficReader } from './traffic-reader.ts';
import { addTraffic, noTraffic, trafficShape, type Traffic } from './traffic.ts';

export interface ReportSlaJobParts {
  readonly traffic: TrafficReader;
  readonly reports: ReportStore;
  /** Keeps the run's counts; the reports themselves are not there. */
  readonly db: Db;
  readonly now: () => Date;
}

/** How many days of the month were read, and what they came to. */
const checkpointShape = z.object({ month: z.string(), days: z.number(), traffic: trafficShape });

/** Of a month of which less was measured nothing is said. */
const leastCoverage = 0.9;

/** Writes how the API did in the last month, once: what is there is never replaced. */
export class ReportSlaJob implements Job {
  readonly #traffic: TrafficReader;
  readonly #reports: ReportStore;
  readonly #db: Db;
  readonly #now: () => Date;

  constructor({ traffic, reports, db, now }: ReportSlaJobParts) {
    this.#traffic = traffic;
    this.#reports = reports;
    this.#db = db;
    this.#now = now;
  }

  /** @throws {TooLittleDataError} when less than nine tenths of the month were measured */
  async run(run: JobRun): Promise<JobFindings> {
    const month = findLastMonth(this.#now());
    if (await this.#reports.has(jsonName(month), run.signal)) {
      await run.record(this.#db, { counts: { existing: 1 } });
      return { complete: true, faults: 0 };
    }
    run.expect(month.dayEnds.length);
    const traffic = await this.#readMonth(run, month);
    if (traffic === undefined) return { complete: false, faults: 0 };
    await this.#refuseTooLittle(run, month, traffic);
    const report = makeSlaReport(month, traffic);
    // The one that is asked for above comes last, so that it stands for both.
    const markdown = { name: `sla/${month.name}.md`, contentType: 'text/markdown; charset=utf-8' };
    await this.#write(run, { ...markdown, text: toMarkdown(report) });
    await this.#write(run, { name: jsonName(month), contentType: 'application/json', text: toJson(report) });
    setReportSlaMetrics(run.registry, report);
    return { complete: true, faults: 0 };
  }

  /** Undefined when the run had to end before. */
  async #readMonth(run: JobRun, { name: month, dayEnds }: SlaMonth): Promise<Traffic | undefined> {
    const saved = checkpointShape.safeParse(run.checkpoint).data;
    let { days, traffic } = saved?.month === month ? saved : { days: 0, traffic: noTraffic };
    for (const dayEnd of dayEnds.slice(days)) {
      if (run.signal.aborted || run.remaining === 0) return undefined;
      traffic = addTraffic(traffic, await this.#traffic.readDay(dayEnd, run.signal));
      days += 1;
      await run.record(this.#db, { counts: { read: 1 }, checkpoint: { month, days, traffic } });
    }
    return traffic;
  }

  async #refuseTooLittle(run: JobRun, month: SlaMonth, { coveredMinutes }: Traffic): Promise<void> {
    const minutes = minutesOf(month);
    if (coveredMinutes >= leastCoverage * minutes) return;
    // The next run reads anew, as what was wrong may have been mended.
    await run.record(this.#db, { counts: {}, checkpoint: { month: month.name, days: 0, traffic: noTraffic } });
    throw new TooLittleDataError(
      `Prometheus measured ${coveredMinutes} of the ${minutes} minutes of ${month.name}; a report needs ${leastCoverage * 100} %`,
    );
  }

  async #write(run: JobRun, report: StoredReport): Promise<void> {
    const outcome = run.dryRun ? 'written' : await this.#reports.put(report, run.signal);
    const bytes = outcome === 'written' ? Buffer.byteLength(report.text) : 0;
    await run.record(this.#db, { counts: { [outcome]: 1 }, bytes });
  }
}

function jsonName({ name }: SlaMonth): string {
  return `sla/${name}.json`;
}

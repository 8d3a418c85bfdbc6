import type { Db } from '@stowage/db';
import { z } from 'zod';
import type { Job, JobFindings, JobRun } from '../job.ts';
import { daysBefore, findMissingDays } from './usage-day.ts';
import type { UsageRepository } from './usage-repository.ts';
import { setUsage, setUsageDrift } from './roll-up-usage-metrics.ts';

export interface RollUpUsageJobParts {
  readonly usage: UsageRepository;
  readonly now: () => Date;
  /** Versions in one transaction. @default 10 000 */
  readonly pageSize?: number;
}

/** How far the versions were gone through, for which days. None are left once their usage is whole. */
const checkpointShape = z.object({
  days: z.array(z.iso.date()).readonly(),
  after: z.uuid().optional(),
  /** Versions whose size is not that of their blob; undefined where none was looked at. */
  differing: z.number().optional(),
});

type Pass = z.output<typeof checkpointShape>;

/** Books are checked as far back as one may still be asked about them. */
const checkedDays = 62;

/**
 * Measures what every bucket and account stored when a day ended, once for each day, and days that were missed as well
 * as it is still known; and checks that the books agree: accounts with their buckets, versions with their blobs.
 */
export class RollUpUsageJob implements Job {
  readonly #usage: UsageRepository;
  readonly #now: () => Date;
  readonly #pageSize: number;

  constructor({ usage, now, pageSize = 10_000 }: RollUpUsageJobParts) {
    this.#usage = usage;
    this.#now = now;
    this.#pageSize = pageSize;
  }

  async run(run: JobRun): Promise<JobFindings> {
    const saved = checkpointShape.safeParse(run.checkpoint).data;
    let pass = saved !== undefined && saved.days.length > 0 ? saved : await this.#begin(run, saved?.differing);
    if (pass.days.length > 0) run.expect(await this.#usage.countVersions());
    while (pass.days.length > 0) {
      const done = await this.#goThroughVersions(run, pass);
      if (done === undefined) return { complete: false, faults: 0 };
      if (run.dryRun) return await this.#check(run, done);
      await this.#completeDays(run, done);
      // A pass that went on with an earlier one knows nothing of the days that ended since.
      pass = await this.#begin(run, done.differing);
    }
    return await this.#check(run, pass);
  }

  /** A pass for the days that are missing; without days where none is. */
  async #begin(run: JobRun, differing: number | undefined): Promise<Pass> {
    const days = findMissingDays(await this.#usage.findLatestDay(), this.#now());
    if (days.length === 0) return { days, differing };
    const begun: Pass = { days, differing: 0 };
    const record = (tx: Db): Promise<void> => run.record(tx, { counts: {}, checkpoint: begun });
    if (!run.dryRun) await this.#usage.beginDays(days, record);
    return begun;
  }

  /** The pass when all versions were added; undefined when the run had to end before. */
  async #goThroughVersions(run: JobRun, begun: Pass): Promise<Pass | undefined> {
    let pass = begun;
    while (!run.signal.aborted && run.remaining > 0) {
      const { days, after, differing = 0 } = pass;
      const limit = Math.min(this.#pageSize, run.remaining);
      const page = await this.#usage.addPage({ days, after, limit, dryRun: run.dryRun }, async (tx, found) => {
        if (found.versions === 0) return;
        pass = { days, after: found.last, differing: differing + found.differing };
        await run.record(tx, { counts: { counted: found.versions }, checkpoint: pass });
      });
      if (page.versions < limit) return pass;
    }
    return undefined;
  }

  async #completeDays(run: JobRun, { days, differing }: Pass): Promise<void> {
    const checkpoint: Pass = { days: [], differing };
    await this.#usage.completeDays(days, {
      measuredAt: this.#now(),
      record: (tx) => run.record(tx, { counts: {}, checkpoint }),
    });
  }

  async #check(run: JobRun, { differing }: Pass): Promise<JobFindings> {
    const day = await this.#usage.findLatestDay();
    if (day === undefined) return { complete: true, faults: differing ?? 0 };
    const accounts = await this.#usage.countDriftedAccounts(daysBefore(day, checkedDays - 1));
    setUsage(run.registry, day, await this.#usage.getTotal(day));
    setUsageDrift(run.registry, { accounts, versions: differing });
    if (accounts > 0) run.log.error({ accounts }, 'accounts whose usage is not that of their buckets');
    if (differing) run.log.error({ versions: differing }, 'versions whose size is not that of their blobs');
    return { complete: true, faults: accounts + (differing ?? 0) };
  }
}

import type { Db, TransactionalDb } from '@stowage/db';
import { z } from 'zod';
import type { Job, JobFindings, JobRun } from '../job.ts';
import type { Shard } from '../shard.ts';

/** Which rows come next. */
export interface BackfillPage {
  /** Only rows whose key comes after this one; undefined for the first page. */
  readonly after: string | undefined;
  /** Most rows to look at. */
  readonly size: number;
  readonly shard: Shard;
  /** Count, and change nothing. */
  readonly dryRun: boolean;
}

/** What became of a page. */
export interface BackfilledPage {
  /** Key of the last row that was looked at, changed or not; undefined when there was none: the backfill is complete. */
  readonly last: string | undefined;
  /** How many rows, by what became of them. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface BackfillOptions {
  readonly db: TransactionalDb;
  /** Changes the rows of a page, in the transaction. It may be called again for a page that it has done. */
  readonly backfillPage: (tx: Db, page: BackfillPage) => Promise<BackfilledPage>;
  /** @default 1000 */
  readonly pageSize?: number;
}

const checkpointShape = z.object({ after: z.string() });

/**
 * Goes through a table once, in the order of a unique key, and changes old rows to what a new release expects. Each page
 * is a transaction that has its place in it: a killed run goes on behind the last page that was committed. Rows that are
 * added behind that place are seen; those before it were written by the new release, which writes them right.
 */
export class BackfillJob implements Job {
  readonly #options: Required<BackfillOptions>;

  constructor({ pageSize = 1000, ...options }: BackfillOptions) {
    this.#options = { pageSize, ...options };
  }

  async run(run: JobRun): Promise<JobFindings> {
    let after = checkpointShape.safeParse(run.checkpoint).data?.after;
    while (!run.signal.aborted && run.remaining > 0) {
      const last = await this.#backfill(run, after);
      if (last === undefined) return { complete: true, faults: 0 };
      after = last;
    }
    return { complete: false, faults: 0 };
  }

  async #backfill(run: JobRun, after: string | undefined): Promise<string | undefined> {
    const { db, backfillPage, pageSize } = this.#options;
    const { shard, dryRun } = run;
    return db.transaction(async (tx) => {
      const size = Math.min(pageSize, run.remaining);
      const { last, counts } = await backfillPage(tx, { after, size, shard, dryRun });
      if (last !== undefined) await run.record(tx, { counts, checkpoint: { after: last } });
      return last;
    });
  }
}

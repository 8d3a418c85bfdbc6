import { describe, expect, it } from '@jest/globals';
import { MemoryJobRun, noDatabase } from '../memory-job-run.ts';
import { BackfillJob, type BackfilledPage, type BackfillPage } from './backfill-job.ts';

/** Rows `a`, `b`, … in pages of two; remembers what it was asked for. */
class GivenRows {
  readonly pages: BackfillPage[] = [];
  readonly #keys: readonly string[];

  constructor(keys: string) {
    this.#keys = Array.from(keys);
  }

  job(): BackfillJob {
    return new BackfillJob({ db: noDatabase, pageSize: 2, backfillPage: async (_tx, page) => this.#backfill(page) });
  }

  #backfill(page: BackfillPage): BackfilledPage {
    this.pages.push(page);
    const rows = this.#keys.filter((key) => page.after === undefined || key > page.after).slice(0, page.size);
    return { last: rows.at(-1), counts: { changed: rows.length } };
  }
}

describe('BackfillJob', () => {
  it('goes through all pages, and saves its place with each', async () => {
    const rows = new GivenRows('abcde');
    const run = new MemoryJobRun();
    expect(await rows.job().run(run)).toEqual({ complete: true, faults: 0 });
    expect(run.steps).toEqual([
      { counts: { changed: 2 }, checkpoint: { after: 'b' } },
      { counts: { changed: 2 }, checkpoint: { after: 'd' } },
      { counts: { changed: 1 }, checkpoint: { after: 'e' } },
    ]);
  });

  it('goes on from its checkpoint, and begins anew where it does not understand one', async () => {
    const [resumed, anew] = [new GivenRows('abc'), new GivenRows('abc')];
    await resumed.job().run(new MemoryJobRun({ checkpoint: { after: 'b' } }));
    await anew.job().run(new MemoryJobRun({ checkpoint: { page: 2 } }));
    expect([resumed, anew].map(({ pages }) => pages[0]?.after)).toEqual(['b', undefined]);
  });

  it('leaves the rest to the next run at its limit and when it is asked to stop', async () => {
    const limited = new MemoryJobRun({ limit: 3 });
    expect(await new GivenRows('abcde').job().run(limited)).toEqual({ complete: false, faults: 0 });
    expect([limited.counts, limited.checkpoint]).toEqual([{ changed: 3 }, { after: 'c' }]);
    const stopped = new MemoryJobRun({ signal: AbortSignal.abort() });
    expect(await new GivenRows('abc').job().run(stopped)).toEqual({ complete: false, faults: 0 });
    expect(stopped.steps).toEqual([]);
  });

  it('tells each page its shard and whether it is a dry run', async () => {
    const rows = new GivenRows('a');
    await rows.job().run(new MemoryJobRun({ shard: { index: 1, count: 2 }, dryRun: true }));
    expect(rows.pages).toMatchObject([
      { shard: { index: 1, count: 2 }, dryRun: true },
      { after: 'a', dryRun: true },
    ]);
  });
});

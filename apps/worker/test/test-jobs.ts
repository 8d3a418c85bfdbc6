import { sql, type Db, type TransactionalDb } from '@stowage/db';
import { z } from 'zod';
import { BackfillJob, type BackfilledPage, type BackfillPage } from '../src/backfill/backfill-job.ts';
import type { Job, JobDescription, JobFindings, JobRun } from '../src/job.ts';
import type { JobSet } from '../src/job-set.ts';

const schedule = { cron: '0 0 * * *', shards: 1 };

const catalog = {
  'handle-items': { description: 'Handles each test item once.', sharding: 'sharded', outcomes: ['handled'], schedule },
  'add-items': {
    description: 'Adds up the test items, page by page.',
    sharding: 'whole',
    outcomes: ['added', 'sum'],
    schedule,
  },
  'backfill-items': {
    description: 'Handles test items in the order of their ids.',
    sharding: 'sharded',
    outcomes: ['handled'],
    schedule,
  },
  'find-damage': { description: 'Finds damage.', sharding: 'whole', outcomes: [], schedule },
  'nothing-to-do': {
    description: 'Finds nothing to do.',
    sharding: 'sharded',
    outcomes: ['handled', 'skipped'],
    schedule,
  },
  'fail-always': { description: 'Fails.', sharding: 'whole', outcomes: [], schedule },
} as const satisfies Readonly<Record<string, JobDescription>>;

/** Jobs for tests of the worker itself. Their table is made by `givenItems`. */
export const testJobs: JobSet = {
  catalog,
  open: (name, { db }) => {
    const jobs = new Map<string, Job>([
      ['handle-items', new HandleItemsJob(db)],
      ['add-items', new AddItemsJob(db)],
      ['backfill-items', new BackfillJob({ db, backfillPage: backfillItems, pageSize: 10 })],
      ['find-damage', { run: async () => ({ complete: true, faults: 2 }) }],
      ['nothing-to-do', { run: async () => ({ complete: true, faults: 0 }) }],
      ['fail-always', { run: () => Promise.reject(new Error('cannot reach postgres://me:very-secret@db/x')) }],
    ]);
    const job = jobs.get(name);
    if (job === undefined) throw new Error(`no test job ${name}`);
    return job;
  },
};

/** Items 1 to `count`, of which the jobs keep count. */
export async function givenItems(db: TransactionalDb, count: number): Promise<void> {
  await db.execute(sql('given_items_table')`
    create table items (
      id uuid constraint items_pkey primary key, number integer not null, handled integer not null default 0)`);
  await db.execute(sql('given_items')`
    insert into items (id, number) select uuidv7(), n from generate_series(1, ${count}::integer) n`);
}

/** How often items were handled, by how often: `{ 1: 1000 }` when each was handled once. */
export async function handledItems(db: TransactionalDb): Promise<Readonly<Record<number, number>>> {
  const rows = await db.rows<{ handled: number; items: number }>(
    sql('count_handled_items')`select handled, count(*) as items from items group by handled order by handled`,
  );
  return Object.fromEntries(rows.map(({ handled, items }) => [handled, items]));
}

/** Claims items in batches, whoever else does. */
class HandleItemsJob implements Job {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async run(run: JobRun): Promise<JobFindings> {
    const left = await this.#db.row<{ count: number }>(sql('count_items')`
      select count(*) as count from items where handled = 0 and shard_of(id, ${run.shard.count}) = ${run.shard.index}`);
    run.expect(left?.count ?? 0);
    while (!run.signal.aborted && run.remaining > 0) {
      const handled = await this.#handleBatch(run, Math.min(10, run.remaining));
      if (handled === 0) return { complete: true, faults: 0 };
    }
    return { complete: false, faults: 0 };
  }

  async #handleBatch(run: JobRun, size: number): Promise<number> {
    return this.#db.transaction(async (tx) => {
      const handled = await tx.execute(sql('handle_items')`
        update items set handled = handled + 1 where id in (
          select id from items where handled = 0 and shard_of(id, ${run.shard.count}) = ${run.shard.index}
          order by number limit ${size} for update skip locked)`);
      await run.record(tx, { counts: { handled }, bytes: handled * 100 });
      return handled;
    });
  }
}

async function backfillItems(tx: Db, { after, size, shard }: BackfillPage): Promise<BackfilledPage> {
  const rows = await tx.rows<{ id: string }>(sql('backfill_items')`
    with page as (
      select id from items
      where (${after ?? null}::uuid is null or id > ${after ?? null}) and shard_of(id, ${shard.count}) = ${shard.index}
      order by id limit ${size} for update)
    update items set handled = handled + 1 from page where items.id = page.id returning items.id`);
  const last = rows
    .map(({ id }) => id)
    .sort()
    .at(-1);
  return { last, counts: { handled: rows.length } };
}

const sumCheckpoint = z.object({ after: z.number(), sum: z.number() });

/** Goes through items by key; what it has found so far is in its checkpoint. */
class AddItemsJob implements Job {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async run(run: JobRun): Promise<JobFindings> {
    let state = sumCheckpoint.safeParse(run.checkpoint).data ?? { after: 0, sum: 0 };
    while (!run.signal.aborted && run.remaining > 0) {
      const numbers = await this.#db.rows<{ number: number }>(sql('page_of_items')`
        select number from items where number > ${state.after} order by number limit ${Math.min(10, run.remaining)}`);
      if (numbers.length === 0) {
        await run.record(this.#db, { counts: { sum: state.sum } });
        return { complete: true, faults: 0 };
      }
      const sum = numbers.reduce((total, { number }) => total + number, state.sum);
      state = { after: numbers.at(-1)?.number ?? 0, sum };
      await run.record(this.#db, { counts: { added: numbers.length }, checkpoint: state });
    }
    return { complete: false, faults: 0 };
  }
}

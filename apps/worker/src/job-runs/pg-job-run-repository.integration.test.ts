import { describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { v7 as newId } from 'uuid';
import { givenStores } from '../../test/given.ts';
import { shardOf, wholeJob } from '../shard.ts';
import { describeJobRunRepository } from './job-run-repository-contract.ts';
import { PgJobRunRepository } from './pg-job-run-repository.ts';

describeJobRunRepository('PgJobRunRepository', async () => {
  const stores = await givenStores();
  return {
    runs: new PgJobRunRepository(stores.db),
    db: stores.db,
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
});

describe('PgJobRunRepository', () => {
  it('counts nothing of a transaction that is rolled back', async () => {
    await using stores = await givenStores();
    const { db } = stores;
    const runs = new PgJobRunRepository(db);
    const startedAt = new Date();
    const run = { id: newId(), job: 'roll-back', shard: wholeJob, dryRun: false, startedAt };
    await runs.begin(run);
    const failing = db.transaction(async (tx) => {
      await runs.record(tx, run.id, { counts: { deleted: 1 }, bytes: 1, checkpoint: 1 });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await runs.begin({ ...run, id: newId() })).toEqual({ killedRuns: 1, checkpoint: undefined });
    expect(await runs.listLatest({ limit: 2 })).toContainEqual(
      expect.objectContaining({ id: run.id, counts: {}, bytes: 0 }),
    );
  });
});

describe('shard_of', () => {
  it('says what shardOf says', async () => {
    await using stores = await givenStores();
    const rows = await stores.db.rows<{ id: string; count: number; shard: number }>(sql('test_shards')`
      select id, n as count, shard_of(id, n) as shard
      from (select uuidv7() as id, n from generate_series(1, 1000) n) ids`);
    expect(rows).toHaveLength(1000);
    for (const { id, count, shard } of rows) expect(shardOf(id, count)).toBe(shard);
  });
});

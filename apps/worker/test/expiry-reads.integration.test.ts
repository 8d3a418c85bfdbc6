import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { PgGarbageRepository } from '../src/collect-garbage/pg-garbage-repository.ts';
import { expiringKinds } from '../src/expire-objects/expired-record-repository.ts';
import { PgExpiredRecordRepository } from '../src/expire-objects/pg-expired-record-repository.ts';
import { PgTrashRepository } from '../src/expire-objects/pg-trash-repository.ts';
import { ExplainingDb } from './explaining-db.ts';
import { givenDeletedBucket, givenTrash } from './given-trash.ts';
import { givenAccount, givenBucket, givenStores, type Stores } from './given.ts';

const many = 20_000;
const few = 20;
/** All tables have hundreds of pages. */
const mostPages = 100;

let stores: Stores;
let bucketId: string;
beforeAll(async () => {
  stores = await givenStores();
  bucketId = await givenBucket(stores);
  // In parts, as one statement may take five seconds at most.
  for (let part = 0; part < 10; part += 1) await givenTrash(stores, { bucketId, objects: many / 10, endedDaysAgo: 29 });
  await givenTrash(stores, { bucketId, objects: few, endedDaysAgo: 31 });
  const shorter = await givenBucket(stores, { retentionDays: 1 });
  await givenTrash(stores, { bucketId: shorter, objects: few, endedDaysAgo: 2 });
  const deleted = await givenBucket(stores, { retentionDays: 1 });
  await givenTrash(stores, { bucketId: deleted, objects: few, endedDaysAgo: 2 });
  await givenDeletedBucket(stores, deleted, 2);
  await givenBlobRows();
  await givenRecordRows();
  await stores.db.execute(sql('test_analyze')`analyze`);
});
afterAll(async () => {
  await stores[Symbol.asyncDispose]();
});

async function givenBlobRows(): Promise<void> {
  for (const state of ['pending', 'garbage']) {
    await stores.db.execute(sql('given_blob_rows')`
      insert into blobs (id, state, size_bytes, delete_after)
      select gen_random_uuid(), ${state}::text, 1, now() + n * interval '1 second'
      from generate_series(${-few}::integer, ${many}::integer) n`);
  }
}

async function givenRecordRows(): Promise<void> {
  const { accountId, userId } = await givenAccount(stores);
  const { db } = stores;
  await db.execute(sql('given_sessions')`
    insert into sessions (id, account_id, user_id, token_hash, address, user_agent, expires_at)
    select uuidv7(), ${accountId}, ${userId}, sha256(n::text::bytea), '', '', now() + n * interval '1 hour'
    from generate_series(${-few}::integer, ${many}::integer) n`);
  await db.execute(sql('given_access_tokens')`
    insert into access_tokens (id, account_id, user_id, name, token_hash, scopes, expires_at)
    select uuidv7(), ${accountId}, ${userId}, '', sha256(n::text::bytea), '{read}', now() + n * interval '1 hour'
    from generate_series(${-few}::integer, ${many}::integer) n`);
  await db.execute(sql('given_invitations')`
    insert into invitations (id, account_id, email, role, token_hash, expires_at)
    select uuidv7(), ${accountId}, '', 'member', sha256(n::text::bytea), now() + n * interval '1 hour'
    from generate_series(${-few}::integer, ${many}::integer) n`);
  await db.execute(sql('given_idempotency_keys')`
    insert into idempotency_keys (key_hash, claim_id, fingerprint, seed, started_at, locked_until, expires_at)
    select sha256(n::text::bytea), uuidv7(), '', '', now(), now(), now() + n * interval '1 hour'
    from generate_series(${-few}::integer, ${many}::integer) n`);
}

describe('a shard that looks for what is due', () => {
  const page = { shard: { index: 1, count: 4 }, after: undefined, limit: 1000 };

  /** The first time a connection runs a statement it reads the catalogs as well. */
  async function twice(work: () => Promise<void>): Promise<void> {
    await work();
    await work();
  }

  function expectFewPages(db: ExplainingDb, statements: number, most = mostPages): void {
    expect(db.pages.size).toBe(statements);
    for (const [name, pages] of db.pages) expect([name, pages <= most || pages]).toEqual([name, true]);
  }

  it('reads no blob that is not', async () => {
    const db = new ExplainingDb(stores.db);
    const garbage = new PgGarbageRepository(db);
    await twice(async () => {
      await garbage.count(page.shard);
      await garbage.listOverdue(page);
      await garbage.listDue(page);
      await garbage.backlogSeconds(page.shard);
    });
    expectFewPages(db, 4);
  });

  it('reads no version that is not, though another bucket keeps many of the same age', async () => {
    const db = new ExplainingDb(stores.db);
    const trash = new PgTrashRepository(db);
    await twice(async () => {
      await trash.countVersions(page.shard);
      await trash.listExpired(page);
      await trash.listOfDueBuckets(page);
      await trash.countDueBuckets(page.shard);
      await trash.listDueBuckets(page);
    });
    expectFewPages(db, 5);
  });

  it('reads no session, token, invitation or key that is not', async () => {
    const db = new ExplainingDb(stores.db);
    const records = new PgExpiredRecordRepository(db);
    for (const kind of expiringKinds) {
      await records.count(kind, page.shard);
      await records.removeSome(kind, { ...page, from: undefined }, async () => undefined);
    }
    expectFewPages(db, 8);
  });

  it('reads only what it removes', async () => {
    // One shard has them all: of a few among four, chance decides how many are whose.
    const shard = { index: 0, count: 1 };
    const ids = (await new PgTrashRepository(stores.db).listExpired({ ...page, shard, limit: 5 })).map(({ id }) => id);
    expect(ids).toHaveLength(5);
    const db = new ExplainingDb(stores.db);
    const removal = { graceMs: 0, record: async () => undefined };
    // What it answers is a plan, which is no removal.
    const remove = (some: readonly string[]): Promise<void> =>
      expect(new PgTrashRepository(db).removeVersions(some, removal)).rejects.toThrow('no row');
    await remove([]);
    await remove(ids);
    // Rows, entries of a dozen indexes, and checks of foreign keys.
    expectFewPages(db, 1, ids.length * 100);
  });
});

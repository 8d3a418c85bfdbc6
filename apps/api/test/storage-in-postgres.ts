import { PgDb, sql, type Db } from '@stowage/db';
import { v7 as newId } from 'uuid';
import { PgBucketRepository } from '../src/buckets/pg-bucket-repository.ts';
import { PgObjectRepository } from '../src/objects/pg-object-repository.ts';
import { givenDatabase } from './start-api.ts';
import type { StorageRepositories } from './storage-repositories.ts';

export interface StorageInPostgres extends StorageRepositories {
  readonly db: Db;
}

/** The real repositories over a database of their own. */
export async function openStorageInPostgres(): Promise<StorageInPostgres> {
  await using opened = new AsyncDisposableStack();
  const { url } = opened.use(await givenDatabase());
  const db = opened.use(
    PgDb.open({ connection: { url }, applicationName: 'test', poolMax: 20, onPoolError: () => undefined }),
  );
  const givenUser = async (accountId: string): Promise<string> => {
    const userId = newId();
    await db.execute(sql('given_user')`
      insert into users (id, account_id, email, password_hash, role)
      values (${userId}, ${accountId}, ${`${userId}@example.com`}, 'none', 'member')`);
    return userId;
  };
  const resources = opened.move();
  return {
    db,
    buckets: new PgBucketRepository(db),
    objects: new PgObjectRepository(db),
    givenUser,
    givenAccount: async () => {
      const accountId = newId();
      await db.execute(sql('given_account')`insert into accounts (id, name) values (${accountId}, 'Test')`);
      return { accountId, userId: await givenUser(accountId) };
    },
    giveUpBlob: async (id) => {
      await db.execute(sql('give_up_blob')`
        update blobs set state = 'garbage', delete_after = now() where id = ${id} and state = 'pending'`);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

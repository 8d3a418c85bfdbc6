import { randomBytes, randomInt } from 'node:crypto';
import { sql } from '@stowage/db';
import type { BlobStore } from '@stowage/storage';
import { v7 as newId } from 'uuid';
import { CollectGarbageJob } from '../src/collect-garbage/collect-garbage-job.ts';
import { PgGarbageRepository } from '../src/collect-garbage/pg-garbage-repository.ts';
import { ExpireObjectsJob } from '../src/expire-objects/expire-objects-job.ts';
import { PgExpiredRecordRepository } from '../src/expire-objects/pg-expired-record-repository.ts';
import { PgTrashRepository } from '../src/expire-objects/pg-trash-repository.ts';
import { MemoryJobRun } from '../src/memory-job-run.ts';
import { givenBucket, type Stores } from './given.ts';

export interface CopyRaceOptions {
  /** At least. */
  readonly rounds: number;
  /** It goes on until everything has happened as often. */
  readonly eachOutcome: number;
  readonly writers: number;
  readonly shards: number;
  readonly graceMs: number;
}

/** How often what happened. */
export interface RaceTally {
  copied: number;
  /** The blob was garbage before the copy came. */
  tooLate: number;
  uploaded: number;
  /** The upload was given up before it was committed. */
  givenUp: number;
}

const mostTrash = 24;

/**
 * Writers upload, delete, copy and restore, while shards of both jobs run again and again. There is no retention, and every upload is
 * past its deadline at once, so that every write is in a race with a job.
 */
export class CopyRace {
  readonly tally: RaceTally = { copied: 0, tooLate: 0, uploaded: 0, givenUp: 0 };
  /** Blobs that must be there at the end. */
  readonly kept = new Set<string>();
  /** Deletions of what may not be deleted. */
  readonly violations: string[] = [];
  readonly #stores: Stores;
  readonly #options: CopyRaceOptions;
  readonly #bucketId: string;
  readonly #trash: { key: string; blobId: string }[] = [];
  #roundsLeft: number;

  private constructor(stores: Stores, bucketId: string, options: CopyRaceOptions) {
    this.#stores = stores;
    this.#bucketId = bucketId;
    this.#options = options;
    this.#roundsLeft = options.rounds;
  }

  static async prepare(stores: Stores, options: CopyRaceOptions): Promise<CopyRace> {
    await stores.db.execute(sql('race_table')`
      create table garbage_since (
        blob_id uuid constraint garbage_since_pkey primary key, since timestamptz not null default now())`);
    await stores.db.execute(sql('race_function')`
      create function note_garbage() returns trigger language plpgsql as $$
      begin
        insert into garbage_since (blob_id) values (new.id);
        return new;
      end $$`);
    await stores.db.execute(sql('race_trigger')`
      create trigger blobs_note_garbage after update on blobs for each row
      when (old.state <> 'garbage' and new.state = 'garbage') execute function note_garbage()`);
    return new CopyRace(stores, await givenBucket(stores, { retentionDays: 0 }), options);
  }

  async run(): Promise<void> {
    const { writers, shards } = this.#options;
    const writing = Array.from({ length: writers }, () => this.#write());
    const cleaning = Array.from({ length: shards }, (_, index) => [this.#expire(index), this.#collect(index)]);
    await Promise.all([...writing, ...cleaning.flat()]);
  }

  #goesOn(): boolean {
    return this.#roundsLeft > 0 || Object.values(this.tally).some((times) => times < this.#options.eachOutcome);
  }

  async #write(): Promise<void> {
    while (this.#goesOn()) {
      this.#roundsLeft -= 1;
      await this.#upload();
      await this.#copy();
      await this.#copy();
    }
  }

  async #upload(): Promise<void> {
    const [key, blobId] = [`upload-${newId()}`, newId()];
    const { db, blobs } = this.#stores;
    await db.execute(sql('race_pending')`insert into blobs (id, delete_after) values (${blobId}, now())`);
    await blobs.put(blobId, contentOf());
    if (await this.#store(key, blobId)) {
      this.tally.uploaded += 1;
      await this.#delete(key, blobId);
    } else {
      // As the API does: the row may have been deleted before the bytes were stored.
      await blobs.deleteMany([blobId]);
      this.tally.givenUp += 1;
    }
  }

  /** Copies what was deleted a moment ago to another key, or restores it. */
  async #copy(): Promise<void> {
    const source = this.#trash[randomInt(Math.max(1, this.#trash.length))];
    if (source === undefined) return;
    const key = randomInt(2) === 0 ? source.key : `copy-${newId()}`;
    if (!(await this.#store(key, source.blobId))) {
      this.tally.tooLate += 1;
      return;
    }
    this.tally.copied += 1;
    if ((await this.#stores.blobs.head(source.blobId)) === undefined)
      this.violations.push(`blob ${source.blobId} has no bytes though a version was just stored with it`);
    if (key !== source.key && randomInt(10) === 0) this.kept.add(source.blobId);
    else await this.#delete(key, source.blobId);
  }

  async #store(key: string, blobId: string): Promise<boolean> {
    const row = await this.#stores.db.row<{ outcome: string }>(sql('race_put')`
      select outcome from put_version(${this.#bucketId}, ${key}, ${newId()}, ${newId()}, ${blobId}, 4, ''::bytea,
        'text/plain', null, null, '{}', null, false, false, null)`);
    if (row?.outcome === 'stored') return true;
    if (row?.outcome === 'blob-missing') return false;
    throw new Error(`put_version answered ${String(row?.outcome)}`);
  }

  async #delete(key: string, blobId: string): Promise<void> {
    await this.#stores.db.row(sql('race_delete')`
      select outcome from delete_object(${this.#bucketId}, ${key}, false, null)`);
    this.#trash.push({ key, blobId });
    if (this.#trash.length > mostTrash) this.#trash.splice(randomInt(this.#trash.length), 1);
  }

  async #expire(index: number): Promise<void> {
    const { db } = this.#stores;
    const job = new ExpireObjectsJob({
      trash: new PgTrashRepository(db),
      records: new PgExpiredRecordRepository(db),
      ...{ db, graceMs: this.#options.graceMs },
    });
    const shard = { index, count: this.#options.shards };
    while (this.#goesOn()) await job.run(new MemoryJobRun({ shard }));
  }

  async #collect(index: number): Promise<void> {
    const { db } = this.#stores;
    const { graceMs, shards } = this.#options;
    const garbage = new PgGarbageRepository(db);
    const job = new CollectGarbageJob({
      db,
      garbage,
      graceMs,
      blobs: this.#watchedStore(),
      abandonedAfterMs: 3_600_000,
    });
    const shard = { index, count: shards };
    while (this.#goesOn()) await job.run(new MemoryJobRun({ shard }));
  }

  /** Looks at every blob before it is deleted. */
  #watchedStore(): BlobStore {
    const { blobs } = this.#stores;
    return new Proxy(blobs, {
      get: (store, name) => {
        const value: unknown = Reflect.get(store, name);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          if (name === 'deleteMany') await this.#inspect(args[0] as readonly string[]);
          return Reflect.apply(value, store, args);
        };
      },
    });
  }

  async #inspect(ids: readonly string[]): Promise<void> {
    const rows = await this.#stores.db.rows<{ id: string; referenced: boolean; old: boolean }>(sql('race_inspect')`
      select b.id, exists (select from versions v where v.blob_id = b.id) as referenced,
        exists (select from garbage_since g where g.blob_id = b.id
          and g.since + ${this.#options.graceMs}::float8 * interval '1 millisecond' <= now()) as old
      from unnest(${ids}::uuid[]) b (id)`);
    for (const { id, referenced, old } of rows) {
      if (referenced) this.violations.push(`blob ${id} was deleted with a reference`);
      if (!old) this.violations.push(`blob ${id} was deleted before its grace was over`);
    }
  }
}

async function* contentOf(): AsyncGenerator<Uint8Array> {
  yield randomBytes(4);
}

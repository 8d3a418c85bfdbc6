import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from '@stowage/db';
import { putBytes } from './given-blobs.ts';
import { sha256, type Stores } from './given.ts';

interface StoredBlob {
  readonly id: string;
  readonly isKept: boolean;
}

/**
 * Stores and removes blobs all the time, in the order in which the API and the collector do it: row, bytes, live; garbage, no
 * bytes, no row. Some uploads are given up.
 */
export class LiveTraffic implements AsyncDisposable {
  /** Blobs that were stored and are there to stay. */
  readonly kept: string[] = [];
  /** Blobs that came and went. */
  removed = 0;
  readonly #stores: Stores;
  readonly #writers: readonly Promise<void>[];
  #isEnding = false;

  constructor(stores: Stores, writers: number) {
    this.#stores = stores;
    this.#writers = Array.from({ length: writers }, () => this.#write());
  }

  /** Lets every writer finish what it does. Rejects as they did. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#writers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    await Promise.allSettled(this.#writers);
  }

  async #write(): Promise<void> {
    const lingering: StoredBlob[] = [];
    for (let round = 0; !this.#isEnding; round += 1) {
      lingering.push({ id: await this.#store(), isKept: round % 10 === 0 });
      const blob = lingering.length > 20 ? lingering.shift() : undefined;
      if (blob?.isKept === true) this.kept.push(blob.id);
      else if (blob !== undefined) await this.#remove(blob.id);
    }
    for (const { id } of lingering) this.kept.push(id);
  }

  async #store(): Promise<string> {
    const { db, blobs } = this.#stores;
    const [id, content] = [randomUUID(), randomBytes(64)];
    await db.execute(sql('traffic_insert_pending_blob')`
      insert into blobs (id, delete_after) values (${id}, now() + interval '1 hour')`);
    await putBytes(blobs, id, content);
    await db.execute(sql('traffic_make_blob_live')`
      update blobs set state = 'live', delete_after = null, size_bytes = 64, sha256 = ${sha256(content)} where id = ${id}`);
    return id;
  }

  async #remove(id: string): Promise<void> {
    const { db, blobs } = this.#stores;
    await db.execute(sql('traffic_make_blob_garbage')`
      update blobs set state = 'garbage', delete_after = now() where id = ${id} and state = 'live'`);
    await blobs.deleteMany([id]);
    await db.execute(sql('traffic_forget_blob')`delete from blobs where id = ${id} and state = 'garbage'`);
    this.removed += 1;
  }
}

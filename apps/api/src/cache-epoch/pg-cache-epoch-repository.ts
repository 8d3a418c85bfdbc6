import { sql, type Db } from '@stowage/db';
import type { AgreedEpoch, CacheEpochRepository } from './cache-epoch-repository.ts';

export class PgCacheEpochRepository implements CacheEpochRepository {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async read(): Promise<AgreedEpoch> {
    const agreed = await this.#db.row<AgreedEpoch>(
      sql('read_cache_epoch')`select epoch, closed_until > now() as closed from cache_epochs where id = 1`,
    );
    if (agreed === undefined) throw new Error('The row of cache_epochs is missing');
    return agreed;
  }

  async close(closedForMs: number): Promise<void> {
    await this.#db.execute(sql('close_cache_epoch')`
      update cache_epochs
      set epoch = epoch + 1, closed_until = greatest(closed_until, clock_timestamp() + ${closedForMs}::double precision * interval '1 millisecond')
      where id = 1`);
  }
}

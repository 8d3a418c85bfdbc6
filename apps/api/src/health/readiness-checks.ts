import { pendingMigrations, type PgDb } from '@stowage/db';
import type { Health } from '@stowage/observability';
import type { BlobStore } from '@stowage/storage';

export interface ReadinessDependencies {
  readonly db: PgDb;
  readonly blobs: BlobStore;
  readonly migrationsDirectory: string;
}

/** A database that all processes share must not take all of them out of the balancer at once. */
const graceMs = 30_000;

/** Ready: the schema is there and both stores answer. Redis is not among them, since the API goes on without it. */
export function addReadinessChecks(health: Health, { db, blobs, migrationsDirectory }: ReadinessDependencies): void {
  let migrated = false;
  health.addReadinessCheck(
    'database',
    async () => {
      if (migrated) return db.ping();
      const pending = await pendingMigrations(db, migrationsDirectory);
      if (pending.length > 0) throw new Error(`Migrations are missing: ${pending.join(', ')}`);
      migrated = true;
      return undefined;
    },
    { graceMs },
  );
  health.addReadinessCheck('blob-store', () => blobs.check(), { graceMs });
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../db.ts';
import { sql } from '../sql.ts';

/** Resolves when some session of the database waits for a lock of another. */
export async function untilLockIsWaitedFor(db: Db): Promise<void> {
  const waiting = sql('test_waiting_locks')`
    select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' limit 1`;
  while ((await db.row(waiting)) === undefined) await delay(10);
}

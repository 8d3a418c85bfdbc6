import type { PgDbOptions } from '../pg-db-options.ts';

/** Deadlines so long that no busy machine makes the database miss them: one that is to pass is the test's own. */
export const patience = {
  connectTimeoutMs: 60_000,
  acquireTimeoutMs: 60_000,
  lockTimeoutMs: 60_000,
  statementTimeoutMs: 90_000,
  queryTimeoutMs: 120_000,
  idleInTransactionTimeoutMs: 120_000,
  repeatWithinMs: 120_000,
} satisfies Partial<PgDbOptions>;

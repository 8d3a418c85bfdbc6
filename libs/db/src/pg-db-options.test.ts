import { describe, expect, it } from '@jest/globals';
import { withDefaults } from './pg-db-options.ts';
import type { PgDbOptions } from './pg-db-options.ts';

const required: PgDbOptions = {
  connection: { url: 'postgres://me@db/x' },
  applicationName: 'test',
  onPoolError: () => undefined,
};

describe('withDefaults', () => {
  it('gives every wait an end', () => {
    expect(withDefaults(required)).toMatchObject({
      poolMax: 10,
      connectTimeoutMs: 2000,
      acquireTimeoutMs: 3000,
      lockTimeoutMs: 3000,
      statementTimeoutMs: 5000,
      queryTimeoutMs: 7000,
      idleInTransactionTimeoutMs: 10_000,
      maxLifetimeSeconds: 300,
      closeTimeoutMs: 5000,
    });
  });

  it.each([
    { connectTimeoutMs: 0 },
    { poolMax: -1 },
    { acquireTimeoutMs: NaN },
    { maxRepeats: -1 },
    { statementTimeoutMs: 7000 },
    { lockTimeoutMs: 5000 },
  ])('refuses %j', (options) => {
    expect(() => withDefaults({ ...required, ...options })).toThrow(RangeError);
  });

  it('takes 0 for no repeats', () => {
    expect(withDefaults({ ...required, maxRepeats: 0 }).maxRepeats).toBe(0);
  });
});

import { PgDb } from '@stowage/db';
import { givenDatabase } from '../../test/start-api.ts';
import { describeIdempotencyRepository } from './idempotency-repository-contract.ts';
import { PgIdempotencyRepository } from './pg-idempotency-repository.ts';

describeIdempotencyRepository('PgIdempotencyRepository', async () => {
  await using opened = new AsyncDisposableStack();
  const { url } = opened.use(await givenDatabase());
  const connection = { url };
  const db = opened.use(
    PgDb.open({
      connection,
      applicationName: 'test',
      poolMax: 8,
      acquireTimeoutMs: 20_000,
      onPoolError: () => undefined,
    }),
  );
  const resources = opened.move();
  return { keys: new PgIdempotencyRepository(db), [Symbol.asyncDispose]: () => resources.disposeAsync() };
});

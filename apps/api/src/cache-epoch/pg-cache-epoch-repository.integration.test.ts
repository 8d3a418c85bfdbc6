import { PgDb } from '@stowage/db';
import { givenDatabase } from '../../test/start-api.ts';
import { describeCacheEpochRepository } from './cache-epoch-repository-contract.ts';
import { PgCacheEpochRepository } from './pg-cache-epoch-repository.ts';

describeCacheEpochRepository('PgCacheEpochRepository', async () => {
  await using opened = new AsyncDisposableStack();
  const { url } = opened.use(await givenDatabase());
  const db = opened.use(PgDb.open({ connection: { url }, applicationName: 'test', onPoolError: () => undefined }));
  const resources = opened.move();
  return { epochs: new PgCacheEpochRepository(db), [Symbol.asyncDispose]: () => resources.disposeAsync() };
});

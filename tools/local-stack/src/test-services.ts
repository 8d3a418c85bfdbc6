import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from './postgres-server.ts';
import { findRedisExecutable, startRedis } from './redis-server.ts';
import { ServiceFailedError } from './service-process.ts';
import type { StartServices } from './stack.ts';

/** What the integration tests need: everything fresh, nothing durable. */
export function testServices(directory: string): StartServices {
  return async (started) => {
    const dataDirectory = join(directory, 'pg18');
    rmSync(dataDirectory, { recursive: true, force: true });
    const postgres = await startPostgres({ dataDirectory, preferredPort: 0, maxConnections: 300, durable: false });
    started.push(postgres.process);
    const executable = findRedisExecutable();
    if (executable === undefined) throw new ServiceFailedError('No redis-server on the PATH.');
    const redis = await startRedis(executable, 0);
    started.push(redis.process);
    return { TEST_DATABASE_URL: postgres.url, TEST_REDIS_URL: redis.url, TEST_REDIS_SERVER: executable };
  };
}

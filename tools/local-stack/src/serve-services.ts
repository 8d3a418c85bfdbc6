import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from './postgres-server.ts';
import { findRedisExecutable, startRedis } from './redis-server.ts';
import type { StartServices } from './stack.ts';

/** What `nx serve api` needs and the environment does not already name. */
export function serveServices(directory: string, environment: NodeJS.ProcessEnv): StartServices {
  return async (started) => {
    const blobDirectory = join(directory, 'blobs');
    mkdirSync(blobDirectory, { recursive: true });
    const variables: Record<string, string> = { BLOB_DIRECTORY: blobDirectory };
    if (!environment['DATABASE_URL']) {
      const dataDirectory = join(directory, 'pg18');
      const postgres = await startPostgres({ dataDirectory, preferredPort: 54_329, maxConnections: 100, durable: true });
      started.push(postgres.process);
      variables['DATABASE_URL'] = postgres.url;
    }
    const executable = environment['REDIS_URL'] ? undefined : findRedisExecutable();
    if (executable !== undefined) {
      const redis = await startRedis(executable, 63_799);
      started.push(redis.process);
      variables['REDIS_URL'] = redis.url;
    }
    return variables;
  };
}

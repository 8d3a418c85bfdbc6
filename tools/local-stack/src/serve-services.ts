import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from './postgres-server.ts';
import { findRedisExecutable, startRedis } from './redis-server.ts';
import type { StackContext, StartServices } from './stack.ts';

const POSTGRES_PORT = 54_329;
const REDIS_PORT = 63_799;

/** What `nx serve api` needs and the environment does not already name. The data is a user's and is kept. */
export function serveServices(directory: string, environment: NodeJS.ProcessEnv): StartServices {
  return async (context) => {
    const blobDirectory = join(directory, 'blobs');
    mkdirSync(blobDirectory, { recursive: true });
    const [databaseUrl, redisUrl] = await Promise.all([
      environment.DATABASE_URL ? undefined : startDatabase(context, directory),
      environment.REDIS_URL ? undefined : startCache(context),
    ]);
    return { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, BLOB_DIRECTORY: blobDirectory };
  };
}

function startDatabase(context: StackContext, directory: string): Promise<string> {
  return startPostgres(context, {
    dataDirectory: join(directory, 'pg18'),
    preferredPort: POSTGRES_PORT,
    maxConnections: 100,
    durable: true,
  });
}

/** Undefined when the machine has no Redis: the API then uses its in-process cache. */
async function startCache(context: StackContext): Promise<string | undefined> {
  const executable = findRedisExecutable();
  if (executable === undefined) {
    context.report('no redis-server or valkey-server on the PATH: the API uses its in-process cache');
    return undefined;
  }
  return startRedis(context, executable, REDIS_PORT);
}

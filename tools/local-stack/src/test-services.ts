import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, wrapDebianChromium, wrapInstalledChromium } from './chromium.ts';
import { installDebianPrograms } from './debian-install.ts';
import type { DebianProgram } from './debian-packages.ts';
import type { DebianTree } from './debian-tree.ts';
import { startPostgres } from './postgres-server.ts';
import { findRedisExecutable, startRedis } from './redis-server.ts';
import { startS3 } from './s3-server.ts';
import { quote, writeExecutable } from './shell-script.ts';
import type { StackContext, StartServices } from './stack.ts';

const MAX_CONNECTIONS = 300; // test files run at once, each with pools of its own

export interface TestServicesOptions {
  /** Holds the data; emptied at each start. */
  readonly directory: string;
  /** Holds the unpacked Debian packages; kept. */
  readonly debianDirectory: string;
}

/** What the integration tests need: real servers, fresh and without durability. */
export function testServices(options: TestServicesOptions): StartServices {
  return async (context) => {
    const { directory, debianDirectory } = options;
    const installedRedis = findRedisExecutable();
    const installedChromium = findChromium();
    const missing: DebianProgram[] = ['ceph'];
    if (installedRedis === undefined) missing.push('redis');
    if (installedChromium === undefined) missing.push('chromium');
    const tree = await installDebianPrograms(context, debianDirectory, missing);
    const programs = join(directory, 'bin');
    const redisExecutable = installedRedis ?? wrapRedis(tree, join(programs, 'redis-server'));
    const chromiumPath = join(programs, 'chromium');
    const [databaseUrl, redisUrl, s3Url, chromium] = await Promise.all([
      startDatabase(context, join(directory, 'pg18')),
      startRedis(context, redisExecutable, 0),
      startS3(context, { directory: join(directory, 'ceph'), tree }),
      installedChromium === undefined
        ? wrapDebianChromium(context, tree, chromiumPath)
        : wrapInstalledChromium(context, installedChromium, chromiumPath),
    ]);
    return {
      TEST_DATABASE_URL: databaseUrl,
      TEST_REDIS_URL: redisUrl,
      TEST_REDIS_SERVER: redisExecutable,
      TEST_S3_URL: s3Url,
      TEST_CHROMIUM: chromium,
    };
  };
}

function startDatabase(context: StackContext, dataDirectory: string): Promise<string> {
  rmSync(dataDirectory, { recursive: true, force: true });
  return startPostgres(context, { dataDirectory, preferredPort: 0, maxConnections: MAX_CONNECTIONS, durable: false });
}

function wrapRedis(tree: DebianTree, path: string): string {
  writeExecutable(path, `exec ${quote(tree.command('usr/bin/redis-server'))} "$@"`);
  return path;
}

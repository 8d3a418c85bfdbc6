import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { wrapAlertmanager } from './alertmanager.ts';
import { findChromium, wrapDebianChromium, wrapInstalledChromium } from './chromium.ts';
import { installDebianPrograms } from './debian-install.ts';
import type { DebianProgram } from './debian-packages.ts';
import type { DebianTree } from './debian-tree.ts';
import { findOnPath } from './executable-path.ts';
import { startPostgres } from './postgres-server.ts';
import { findRedisExecutable, startRedis } from './redis-server.ts';
import { startS3 } from './s3-server.ts';
import { quote, writeExecutable } from './shell-script.ts';
import type { StackContext, StackVariables, StartServices } from './stack.ts';

// Ceph is nowhere else. Prometheus' programs must be of one release: each reads what the others write.
const ALWAYS_FROM_DEBIAN = ['ceph', 'prometheus', 'pushgateway', 'alertmanager'] as const;

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
    const installed = {
      redis: findRedisExecutable(),
      chromium: findChromium(),
      curl: findOnPath('curl'),
    };
    const names = Object.keys(installed) as (keyof typeof installed)[];
    const missing: DebianProgram[] = [...ALWAYS_FROM_DEBIAN, ...names.filter((name) => installed[name] === undefined)];
    const tree = await installDebianPrograms(context, debianDirectory, missing);
    const programs = join(directory, 'bin');
    const redis = installed.redis ?? wrapProgram(tree, 'usr/bin/redis-server', programs);
    const chromiumPath = join(programs, 'chromium');
    const [databaseUrl, redisUrl, s3Url, chromium] = await Promise.all([
      startDatabase(context, join(directory, 'pg18')),
      startRedis(context, redis, 0),
      startS3(context, { directory: join(directory, 'ceph'), tree }),
      installed.chromium === undefined
        ? wrapDebianChromium(context, tree, chromiumPath)
        : wrapInstalledChromium(context, installed.chromium, chromiumPath),
    ]);
    return {
      TEST_DATABASE_URL: databaseUrl,
      TEST_REDIS_URL: redisUrl,
      TEST_REDIS_SERVER: redis,
      TEST_S3_URL: s3Url,
      TEST_CHROMIUM: chromium,
      TEST_CURL: installed.curl ?? wrapProgram(tree, 'usr/bin/curl', programs),
      ...wrapMonitoring(tree, programs),
    };
  };
}

function startDatabase(context: StackContext, dataDirectory: string): Promise<string> {
  rmSync(dataDirectory, { recursive: true, force: true });
  return startPostgres(context, { dataDirectory, preferredPort: 0, maxConnections: MAX_CONNECTIONS, durable: false });
}

/** Programs that tests start themselves, as each needs its own configuration and data. */
function wrapMonitoring(tree: DebianTree, directory: string): StackVariables {
  return {
    TEST_PROMETHEUS: wrapProgram(tree, 'usr/bin/prometheus', directory),
    TEST_PROMTOOL: wrapProgram(tree, 'usr/bin/promtool', directory),
    TEST_PUSHGATEWAY: wrapProgram(tree, 'usr/bin/prometheus-pushgateway', directory),
    TEST_ALERTMANAGER: wrapAlertmanager(tree, join(directory, 'prometheus-alertmanager')),
    TEST_AMTOOL: wrapProgram(tree, 'usr/bin/amtool', directory),
  };
}

/** Writes an executable that runs a program of the tree; its path. */
function wrapProgram(tree: DebianTree, program: string, directory: string): string {
  const path = join(directory, basename(program));
  writeExecutable(path, `exec ${quote(tree.command(program))} "$@"`);
  return path;
}

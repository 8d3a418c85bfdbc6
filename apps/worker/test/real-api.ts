import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { requiredService, type Stores } from './given.ts';
import { basicEnv } from './spawn-worker.ts';

/** The API in a process of its own, as `nx serve api` runs it, on the stores of a test. */
export interface RealApi extends AsyncDisposable {
  readonly url: string;
  readonly owner: GivenBucketToken;
}

/** An account with a bucket, and a token that may write to it and nothing else. */
interface GivenBucketToken {
  readonly bucket: string;
  readonly token: string;
}

const main = join(__dirname, '../../api/src/main.ts');
const password = 'correct horse battery staple';
// Tests of other projects sign in from the same address, and the limits count in the same Redis.
const unlimited = { SIGN_INS_PER_MINUTE: '100000', REQUESTS_PER_MINUTE: '10000000' };

/** Starts the API from source; apps share no code, so it is a program like any other. */
export async function startRealApi({ env }: Pick<Stores, 'env'>): Promise<RealApi> {
  const listen = { HOST: '127.0.0.1', PORT: '0', OPERATIONS_PORT: '0', DRAIN_MS: '0', LOG_LEVEL: 'info' };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...basicEnv, ...listen, ...unlimited, REDIS_URL: requiredService('TEST_REDIS_URL'), ...env },
  });
  await using opened = new AsyncDisposableStack();
  const exited = once(child, 'exit');
  opened.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const url = `http://127.0.0.1:${await findPort(child)}`;
  const owner = await givenBucketToken(url);
  const resources = opened.move();
  return { url, owner, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function givenBucketToken(url: string): Promise<GivenBucketToken> {
  const email = `${crypto.randomUUID()}@example.com`;
  const bucket = 'reports';
  await post(`${url}/v1/accounts`, { accountName: 'Operations', email, password });
  const session = await post(`${url}/v1/sessions`, { email, password });
  const headers = { cookie: (session.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '' };
  await post(`${url}/v1/buckets`, { name: bucket }, headers);
  const created = await post(`${url}/v1/access-tokens`, { name: 'worker', scopes: ['write'], bucket }, headers);
  const { token } = (await created.json()) as { readonly token: string };
  return { bucket, token };
}

async function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

/** From the log line that says so; the rest of the log is read and dropped. */
async function findPort({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error('The output of the API is not piped.');
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const lines = createInterface({ input: stdout });
  lines.on('line', (line) => {
    if (line.includes('"listening"')) resolve((JSON.parse(line) as { readonly port: number }).port);
  });
  lines.once('close', () => reject(new Error('The API ended before it listened.')));
  return promise;
}

import { randomUUID } from 'node:crypto';
import type { RunningApi } from './start-api.ts';

/** A signed-up owner of an account of its own, with an access token that may do everything. */
export interface Client {
  readonly accountId: string;
  readonly userId: string;
  readonly email: string;
  readonly token: string;
  /** Sends a request with the token. */
  call(method: string, path: string, init?: CallInit): Promise<Answer>;
}

export interface CallInit {
  readonly json?: unknown;
  readonly body?: RequestInit['body'];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies of many shapes
  readonly json: any;
}

export const password = 'correct horse battery staple';

/** Sends one request and reads the whole answer. */
// eslint-disable-next-line max-params -- reads like the request line
export async function send(
  api: Pick<RunningApi, 'url'>,
  method: string,
  path: string,
  { json, body, headers }: CallInit = {},
): Promise<Answer> {
  const response = await fetch(api.url + path, {
    method,
    redirect: 'manual',
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(body !== undefined && { body, duplex: 'half' }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = (response.headers.get('content-type') ?? '').includes('json') && bytes.length > 0;
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    json: isJson ? (JSON.parse(bytes.toString()) as unknown) : undefined,
  };
}

export async function givenAccount(api: Pick<RunningApi, 'url'>): Promise<Client> {
  const email = `${randomUUID()}@example.com`;
  const signedUp = await send(api, 'POST', '/v1/accounts', { json: { accountName: 'Test', email, password } });
  if (signedUp.status !== 201) throw new Error(`Sign-up answered ${signedUp.status}: ${signedUp.bytes.toString()}`);
  const session = await send(api, 'POST', '/v1/sessions', { json: { email, password } });
  const cookie = (session.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  const created = await send(api, 'POST', '/v1/access-tokens', {
    json: { name: 'test', scopes: ['admin'] },
    headers: { cookie },
  });
  const token = created.json.token as string;
  return {
    accountId: signedUp.json.account.id as string,
    userId: signedUp.json.user.id as string,
    email,
    token,
    call: (method, path, init = {}) =>
      send(api, method, path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }),
  };
}

/** A bucket of the client's, with the default limits but for those given. */
export async function givenBucket(client: Client, limits: object = {}): Promise<string> {
  const name = `bucket-${randomUUID().slice(0, 13)}`;
  const created = await client.call('POST', '/v1/buckets', { json: { name, ...limits } });
  if (created.status !== 201)
    throw new Error(`Creating a bucket answered ${created.status}: ${created.bytes.toString()}`);
  return name;
}

// eslint-disable-next-line max-params -- reads like the path
export async function givenObject(
  client: Client,
  bucket: string,
  key: string,
  content: string | Buffer = 'content',
): Promise<Answer> {
  const stored = await client.call('PUT', `/v1/buckets/${bucket}/objects/${key}`, { body: content });
  if (stored.status >= 300) throw new Error(`Storing an object answered ${stored.status}: ${stored.bytes.toString()}`);
  return stored;
}

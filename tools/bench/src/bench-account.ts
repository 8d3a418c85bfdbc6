import { randomUUID } from 'node:crypto';

/** An account of the API with a token that may do everything. */
export class BenchAccount {
  readonly #origin: string;
  readonly #token: string;

  private constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  static async signUp(port: number): Promise<BenchAccount> {
    const origin = `http://127.0.0.1:${port}`;
    const credentials = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    await send(`${origin}/v1/accounts`, { json: { accountName: 'Bench', ...credentials } });
    const session = await send(`${origin}/v1/sessions`, { json: credentials });
    const cookie = session.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const created = await send(`${origin}/v1/access-tokens`, { json: { name: 'bench', scopes: ['admin'] }, cookie });
    const { token } = (await created.json()) as { token: string };
    return new BenchAccount(origin, token);
  }

  /** The same account by way of another process of the API. */
  at(port: number): BenchAccount {
    return new BenchAccount(`http://127.0.0.1:${port}`, this.#token);
  }

  /** The header line for loads. */
  get authorization(): string {
    return `Authorization: Bearer ${this.#token}\r\n`;
  }

  /** @returns the id of the bucket */
  async createBucket(name: string): Promise<string> {
    const created = await this.send('POST', '/v1/buckets', JSON.stringify({ name }));
    return ((await created.json()) as { id: string }).id;
  }

  async putObject(bucket: string, key: string, content: Buffer): Promise<void> {
    await this.send('PUT', `/v1/buckets/${bucket}/objects/${key}`, new Uint8Array(content));
  }

  async get(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.send('GET', path)).arrayBuffer());
  }

  /** @throws when the answer is no success */
  async send(method: string, path: string, body?: RequestInit['body']): Promise<Response> {
    const type = typeof body === 'string' ? { 'content-type': 'application/json' } : undefined;
    return check(
      await fetch(this.#origin + path, {
        method,
        headers: { authorization: `Bearer ${this.#token}`, ...type },
        ...(body !== undefined && { body, duplex: 'half' }),
      }),
    );
  }
}

async function send(url: string, { json, cookie }: { json: object; cookie?: string }): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(cookie !== undefined && { cookie }) };
  return check(await fetch(url, { method: 'POST', headers, body: JSON.stringify(json) }));
}

async function check(response: Response): Promise<Response> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return response;
}

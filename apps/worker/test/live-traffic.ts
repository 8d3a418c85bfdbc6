import { randomBytes, randomInt } from 'node:crypto';
import { sql } from '@stowage/db';
import { sha256, type Stores } from './given.ts';
import { startRealApi, type RealApi } from './real-api.ts';
import { runWorkerProcess } from './spawn-worker.ts';

const keysOfWriter = 10;
const mostBytes = 64 * 1024;

/**
 * Writers that store, replace and delete objects through a real API, while `expire-objects` and `collect-garbage` delete at once
 * what is left behind: blobs come and go all the time.
 */
export class LiveTraffic implements AsyncDisposable {
  /** Requests that were answered. */
  stored = 0;
  deleted = 0;
  readonly #stores: Stores;
  readonly #api: RealApi;
  readonly #work: readonly Promise<void>[];
  /** What was acknowledged last, by key; undefined for a deletion. */
  readonly #contents = new Map<string, string | undefined>();
  #isEnding = false;

  private constructor(stores: Stores, api: RealApi, writers: number) {
    this.#stores = stores;
    this.#api = api;
    this.#work = [...Array.from({ length: writers }, (_, writer) => this.#write(writer)), this.#collect()];
  }

  static async start(stores: Stores, writers: number): Promise<LiveTraffic> {
    const api = await startRealApi(stores);
    await stores.db.execute(sql('traffic_end_retention')`update buckets set retention_days = 0`);
    return new LiveTraffic(stores, api, writers);
  }

  /** Lets everybody finish, then reads every object. Answers the keys that are not as acknowledged. */
  async end(): Promise<readonly string[]> {
    this.#isEnding = true;
    await Promise.all(this.#work);
    await this.#collectOnce();
    const wrong: string[] = [];
    for (const [key, digest] of this.#contents) {
      const response = await this.#call('GET', key);
      const found = response.ok ? sha256(Buffer.from(await response.arrayBuffer())).toString('hex') : undefined;
      if (found !== digest) wrong.push(key);
    }
    return wrong;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    await Promise.allSettled(this.#work);
    await this.#api[Symbol.asyncDispose]();
  }

  async #write(writer: number): Promise<void> {
    while (!this.#isEnding || this.deleted === 0) {
      const key = `writer-${writer}-${randomInt(keysOfWriter)}`;
      const isDeletion = this.#contents.get(key) !== undefined && randomInt(4) === 0;
      const body = randomBytes(randomInt(mostBytes));
      const response = isDeletion ? await this.#call('DELETE', key) : await this.#call('PUT', key, body);
      if (!response.ok) throw new Error(`${key} was answered ${response.status}: ${await response.text()}`);
      this.#contents.set(key, isDeletion ? undefined : sha256(body).toString('hex'));
      if (isDeletion) this.deleted += 1;
      else this.stored += 1;
    }
  }

  async #collect(): Promise<void> {
    while (!this.#isEnding) await this.#collectOnce();
  }

  async #collectOnce(): Promise<void> {
    for (const job of ['expire-objects', 'collect-garbage']) {
      const { code, stderr } = await runWorkerProcess(this.#stores, [job], { env: { GARBAGE_GRACE_HOURS: '0' } });
      if (code !== 0) throw new Error(`${job} ended with code ${String(code)}: ${stderr}`);
    }
  }

  #call(method: string, key: string, body?: Buffer): Promise<Response> {
    const { bucket, token } = this.#api.owner;
    const headers = { authorization: `Bearer ${token}` };
    const init = { method, headers, ...(body !== undefined && { body: new Uint8Array(body) }) };
    return fetch(`${this.#api.url}/v1/buckets/${bucket}/objects/${key}`, init);
  }
}

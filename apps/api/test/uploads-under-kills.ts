import { createHash, randomBytes, randomInt } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { givenAccount, givenBucket, send, type Client } from './given.ts';
import { spawnApi, type ApiProcess, type Installation } from './spawn-api.ts';

const keysOfWriter = 5;
const mostBytes = 512 * 1024;

export interface UploadsUnderKillsOptions {
  readonly processes: number;
  readonly writers: number;
}

/** Writers, each with keys of its own, upload to processes that are killed and started again under them. */
export class UploadsUnderKills implements AsyncDisposable {
  /** By key, what may be served: what was acknowledged last, or what was sent after it without an answer. */
  readonly possibleContents = new Map<string, (string | undefined)[]>();
  acknowledged = 0;
  cut = 0;
  readonly #installation: Installation;
  readonly #events = new EventEmitter();
  readonly #live = new Set<ApiProcess>();
  readonly #starting = new Set<Promise<void>>();
  #owner: { readonly client: Client; readonly bucket: string } | undefined;
  #writers: readonly Promise<void>[] = [];
  readonly #refused = Promise.withResolvers<never>();
  #ending = false;

  private constructor(installation: Installation) {
    this.#installation = installation;
  }

  static async start(installation: Installation, options: UploadsUnderKillsOptions): Promise<UploadsUnderKills> {
    const uploads = new UploadsUnderKills(installation);
    await using guard = new AsyncDisposableStack();
    guard.use(uploads);
    for (let processes = 0; processes < options.processes; processes += 1) uploads.#begin(uploads.#startProcess());
    await Promise.all(uploads.#starting);
    const client = await givenAccount(await uploads.#anyProcess());
    uploads.#owner = { client, bucket: await givenBucket(client) };
    uploads.#writers = Array.from({ length: options.writers }, (_, index) => uploads.#write(index));
    Promise.all(uploads.#writers).catch(uploads.#refused.reject);
    guard.move();
    return uploads;
  }

  /** Rejects when an upload was refused. */
  async nextAcknowledgement(): Promise<void> {
    await Promise.race([once(this.#events, 'acknowledged'), this.#refused.promise]);
  }

  /** Kills a process and starts another in its place; resolves when it is dead. */
  async killOne(): Promise<void> {
    const victim = await this.#anyProcess();
    this.#live.delete(victim);
    this.#begin(this.#replace(victim));
    await victim.exited;
  }

  /** Lets the writers end their uploads. @returns a client at a process that runs */
  async finish(): Promise<{ client: Pick<Client, 'call'>; bucket: string }> {
    this.#ending = true;
    await Promise.all([...this.#writers, ...this.#starting]);
    return { client: { call: (...request) => this.#call(...request) }, bucket: this.#bucket };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    await Promise.allSettled(this.#starting);
    await Promise.all(Array.from(this.#live, (api) => api[Symbol.asyncDispose]()));
    await Promise.allSettled(this.#writers);
  }

  get #bucket(): string {
    return this.#owner?.bucket ?? '';
  }

  async #anyProcess(): Promise<ApiProcess> {
    while (this.#live.size === 0) await Promise.race(this.#starting);
    const live = [...this.#live];
    const chosen = live[randomInt(live.length)];
    if (chosen === undefined) throw new RangeError('No process runs.');
    return chosen;
  }

  #begin(start: Promise<void>): void {
    const starting = start.finally(() => this.#starting.delete(starting));
    this.#starting.add(starting);
  }

  async #replace(victim: ApiProcess): Promise<void> {
    await victim.kill('SIGKILL');
    await this.#startProcess();
  }

  async #startProcess(): Promise<void> {
    this.#live.add(await spawnApi(this.#installation));
  }

  async #call(...[method, path, init = {}]: Parameters<Client['call']>): ReturnType<Client['call']> {
    const headers = { authorization: `Bearer ${this.#owner?.client.token ?? ''}`, ...init.headers };
    return send(await this.#anyProcess(), method, path, { ...init, headers });
  }

  async #write(writer: number): Promise<void> {
    while (!this.#ending) {
      const key = `writer-${writer}/${randomInt(keysOfWriter)}`;
      const body = randomBytes(randomInt(1, mostBytes));
      const possible = this.possibleContents.get(key) ?? [undefined];
      const sha256 = createHash('sha256').update(body).digest('hex');
      const status = await this.#put(key, body);
      if (status === undefined) {
        this.cut += 1;
        this.possibleContents.set(key, [...possible, sha256]);
      } else if (status < 300) {
        this.acknowledged += 1;
        this.possibleContents.set(key, [sha256]);
        this.#events.emit('acknowledged');
      } else {
        throw new Error(`PUT ${key} answered ${status}`);
      }
    }
  }

  /** @returns undefined when the process went away in the middle of it */
  async #put(key: string, body: Buffer): Promise<number | undefined> {
    try {
      return (await this.#call('PUT', `/v1/buckets/${this.#bucket}/objects/${key}`, { body })).status;
    } catch (error) {
      // Before the answer, or within it.
      if (['fetch failed', 'terminated'].includes((error as Error).message)) return undefined;
      throw error;
    }
  }
}

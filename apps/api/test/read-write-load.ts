import { EventEmitter, once } from 'node:events';
import type { Answer, Client } from './given.ts';
import { ObjectHistory, type Seen } from './object-history.ts';

export interface ReadWriteLoadOptions {
  /** One client for each process. */
  readonly clients: readonly Pick<Client, 'call'>[];
  readonly bucket: string;
  readonly readersOfKey: number;
  /** How many write each key. */
  readonly writersOfKeys: readonly number[];
}

/** Writers and readers of a few objects, at all processes, that compare each answer with what had been acknowledged. */
export class ReadWriteLoad implements AsyncDisposable {
  reads = 0;
  writes = 0;
  /** Reads that were older than what had been acknowledged. */
  readonly staleReads: string[] = [];
  readonly #options: ReadWriteLoadOptions;
  readonly #events = new EventEmitter();
  readonly #failed = Promise.withResolvers<never>();
  readonly #work: readonly Promise<void>[];
  #ending = false;
  #turn = 0;

  constructor(options: ReadWriteLoadOptions) {
    this.#options = options;
    this.#work = options.writersOfKeys.flatMap((writers, index) => {
      const history = new ObjectHistory();
      const path = `/v1/buckets/${options.bucket}/objects/key-${index}`;
      return [
        ...Array.from({ length: writers }, (_, writer) => this.#writeOn(path, history, `writer ${writer}`)),
        ...Array.from({ length: options.readersOfKey }, () => this.#readOn(path, history)),
      ];
    });
    Promise.all(this.#work).catch(this.#failed.reject);
  }

  /** Resolves after so many more reads and a tenth as many writes; rejects when a request was refused. */
  async pass(reads: number): Promise<void> {
    const [untilReads, untilWrites] = [this.reads + reads, this.writes + reads / 10];
    while (this.reads < untilReads || this.writes < untilWrites)
      await Promise.race([once(this.#events, 'progress'), this.#failed.promise]);
  }

  /** Waits for what is under way. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#work);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    await Promise.allSettled(this.#work);
  }

  async #writeOn(path: string, history: ObjectHistory, writer: string): Promise<void> {
    for (let count = 1; !this.#ending; count += 1) {
      const state = `${writer} ${count}`;
      if (count % 7 === 0) await history.write(undefined, () => this.#write('DELETE', path));
      else if (count % 3 === 0) await history.write(state, () => this.#change(path, state));
      else await history.write(state, () => this.#write('PUT', path, { body: state, headers: metadata(state) }));
      this.writes += 1;
      this.#events.emit('progress');
    }
  }

  async #readOn(path: string, history: ObjectHistory): Promise<void> {
    while (!this.#ending) {
      const stale = await history.read(() => this.#read(path));
      if (stale !== undefined) this.staleReads.push(stale);
      this.reads += 1;
      this.#events.emit('progress');
    }
  }

  /** Changes the metadata alone. Where another writer has deleted the object meanwhile, makes it anew. */
  async #change(path: string, state: string): Promise<void> {
    const { status, json } = await this.#call('PATCH', path, { json: { metadata: { state } } });
    if (status === 404) await this.#write('PUT', path, { body: state, headers: metadata(state) });
    else if (status !== 200) throw new Error(`PATCH answered ${status}: ${JSON.stringify(json)}`);
  }

  async #write(method: string, path: string, init: Parameters<Client['call']>[2] = {}): Promise<void> {
    const { status, json } = await this.#call(method, path, init);
    if (status >= 300) throw new Error(`${method} answered ${status}: ${JSON.stringify(json)}`);
  }

  async #read(path: string): Promise<Seen> {
    const { status, headers } = await this.#call('GET', path);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`GET answered ${status}`);
    return decodeURIComponent(headers.get('stowage-meta-state') ?? '');
  }

  /** At each process in turn. */
  async #call(method: string, path: string, init: Parameters<Client['call']>[2] = {}): Promise<Answer> {
    const { clients } = this.#options;
    const client = clients[(this.#turn += 1) % clients.length];
    if (client === undefined) throw new RangeError('There is no client.');
    return client.call(method, path, init);
  }
}

function metadata(state: string): Record<string, string> {
  return { 'stowage-meta-state': encodeURIComponent(state) };
}

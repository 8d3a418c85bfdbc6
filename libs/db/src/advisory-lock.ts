import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { toClientConfig } from './connection-config.ts';
import type { DatabaseConnection } from './connection-config.ts';
import { endClient } from './end-client.ts';
import { translateAcquireFailure, translateStatementFailure } from './translate-pg-error.ts';

/** Options of {@link AdvisoryLock.tryAcquire}. */
export interface AdvisoryLockOptions {
  readonly connection: DatabaseConnection;
  /** What is locked: any text, the same for all who must take turns in one database. */
  readonly name: string;
  /** What `pg_stat_activity` shows. */
  readonly applicationName: string;
  /** From the first packet until the session is open. @default 2000 */
  readonly connectTimeoutMs?: number;
  /** How often the connection is tried, so that one which died in silence is noticed. @default 5000 */
  readonly checkEveryMs?: number;
  /** A connection without an answer for this long counts as lost. @default 5000 */
  readonly answerTimeoutMs?: number;
}

/** The lock's connection broke: somebody else may hold the lock by now. */
export class AdvisoryLockLostError extends Error {
  override readonly name = 'AdvisoryLockLostError';
}

/**
 * With these the server notices within half a minute that the machine of a holder is gone, instead of after two hours.
 * A holder that is killed on a running machine closes its connection, which is noticed at once.
 */
const KEEP_ALIVES = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';
const KEEP_ALIVE_DELAY_MS = 10_000;

/**
 * A lock in the database, held by a connection of its own: it is free again when `release` was called or its process is
 * gone, however it went. `lost` tells a holder that the connection broke; between the break and that signal pass up to
 * `checkEveryMs` and `answerTimeoutMs` in which another may hold the lock too, so it saves work from being done twice and
 * does not keep data from harm: that is for transactions.
 *
 * Not through a transaction pooler, as the lock lives in the session.
 */
export class AdvisoryLock implements AsyncDisposable {
  readonly #client: Client;
  readonly #checkEveryMs: number;
  readonly #lost = new AbortController();
  #nextCheck: NodeJS.Timeout | undefined;
  #released: Promise<void> | undefined;

  private constructor(client: Client, checkEveryMs: number) {
    this.#client = client;
    this.#checkEveryMs = checkEveryMs;
    client.on('end', () => this.#lose(undefined));
    this.#scheduleCheck();
  }

  /**
   * Takes the lock when it is free; undefined, at once, when somebody has it.
   * @throws {DatabaseUnavailableError} when there is no connection
   */
  static async tryAcquire(options: AdvisoryLockOptions): Promise<AdvisoryLock | undefined> {
    const client = await connect(options);
    try {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
        keyOf(options.name),
      ]);
      if (rows[0]?.mine === true) return new AdvisoryLock(client, options.checkEveryMs ?? 5_000);
    } catch (error) {
      client.connection.stream.destroy();
      throw translateStatementFailure(error, {});
    }
    await endClient(client);
    return undefined;
  }

  /** Aborted, with an `AdvisoryLockLostError`, when the connection is lost before `release`. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Frees the lock by ending the session. May be called again; never rejects. */
  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  async #release(): Promise<void> {
    clearTimeout(this.#nextCheck);
    if (this.#lost.signal.aborted) return;
    await endClient(this.#client);
  }

  #scheduleCheck(): void {
    this.#nextCheck = setTimeout(() => void this.#check(), this.#checkEveryMs);
    this.#nextCheck.unref();
  }

  async #check(): Promise<void> {
    try {
      await this.#client.query('select 1');
      if (this.#released === undefined) this.#scheduleCheck();
    } catch (error) {
      this.#lose(error);
    }
  }

  #lose(cause: unknown): void {
    if (this.#released !== undefined || this.#lost.signal.aborted) return;
    clearTimeout(this.#nextCheck);
    this.#client.connection.stream.destroy();
    this.#lost.abort(new AdvisoryLockLostError('the connection that holds the lock is lost', { cause }));
  }
}

async function connect(options: AdvisoryLockOptions): Promise<Client> {
  const { answerTimeoutMs = 5_000, connectTimeoutMs = 2_000 } = options;
  const client = new Client({
    ...toClientConfig(options.connection),
    application_name: options.applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    options: KEEP_ALIVES,
  });
  // A connection that breaks emits `end` as well, which is what counts; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    client.connection.stream.destroy();
    throw translateAcquireFailure(error);
  }
  return client;
}

/** The first eight bytes of the name's SHA-256, as the signed number that PostgreSQL takes. */
function keyOf(name: string): string {
  return createHash('sha256').update(name).digest().readBigInt64BE(0).toString();
}

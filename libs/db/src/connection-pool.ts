import { Client, Pool } from 'pg';
import type { ClientConfig, PoolClient } from 'pg';
import { columnValues } from './column-values.ts';
import { toClientConfig } from './connection-config.ts';
import type { DatabaseConnection } from './connection-config.ts';
import { DatabaseUnavailableError } from './database-errors.ts';
import { PgConnection } from './pg-connection.ts';
import type { PoolSettings } from './pg-db-options.ts';
import { translateAcquireFailure, translateStatementFailure } from './translate-pg-error.ts';

/** Numbers of one pool, to be read when metrics are collected. */
export interface PoolStats {
  /** Connections there are, those being opened included. */
  readonly total: number;
  /** Connections nobody uses. */
  readonly idle: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
  /** Connections there may be. */
  readonly max: number;
  /** Connections opened since the start. */
  readonly opened: number;
  /** Connections given up since the start because of an error. */
  readonly discarded: number;
  /** Callers since the start that waited for a connection in vain. */
  readonly acquireFailures: number;
}

/** A fail-over makes every pooled connection suspect, but a lasting fault must not have all of them renewed all the time. */
const SUSPECT_INTERVAL_MS = 1000;
const KEEP_ALIVE_DELAY_MS = 10_000;

/** The driver's pool, with an error listener on every connection, in every state, and an end to every wait. */
export class ConnectionPool {
  readonly #pool: Pool;
  readonly #settings: PoolSettings;
  readonly #open = new Set<Client>();
  readonly #generations = new WeakMap<Client, number>();
  #generation = 0;
  #suspectedAt = -Infinity;
  #opened = 0;
  #discarded = 0;
  #acquireFailures = 0;
  /** Callers that wait for a connection or have one. */
  #users = 0;
  readonly #unused = Promise.withResolvers<undefined>();
  #closed: Promise<void> | undefined;

  constructor(connection: DatabaseConnection, settings: PoolSettings) {
    this.#settings = settings;
    const config = sessionConfig(connection, settings);
    const track = (client: Client): void => this.#track(client);
    class SessionClient extends Client {
      constructor() {
        super(config);
        track(this);
      }
    }
    this.#pool = new Pool({
      Client: SessionClient,
      max: settings.poolMax,
      idleTimeoutMillis: settings.idleTimeoutMs,
      maxLifetimeSeconds: settings.maxLifetimeSeconds,
      // To the pool this is the wait for a connection; the clients have their own limit from `config`.
      connectionTimeoutMillis: settings.acquireTimeoutMs,
    });
    this.#pool.on('connect', (client) => this.#generations.set(client, this.#generation));
    this.#pool.on('error', (error) => settings.onPoolError(translateStatementFailure(error, { brokenBy: error })));
  }

  get readOnly(): boolean {
    return this.#settings.readOnly;
  }

  get stats(): PoolStats {
    const { totalCount: total, idleCount: idle, waitingCount: waiting } = this.#pool;
    const counters = { opened: this.#opened, discarded: this.#discarded, acquireFailures: this.#acquireFailures };
    return { total, idle, waiting, max: this.#settings.poolMax, ...counters };
  }

  /**
   * A connection for the caller alone, who must hand it to `release` or `discard`.
   * @throws {DatabaseUnavailableError} when there is none; nothing was sent
   */
  async acquire(): Promise<PgConnection> {
    if (this.#closed !== undefined) throw new DatabaseUnavailableError('closed');
    this.#users += 1;
    try {
      return await this.#connect();
    } catch (error) {
      this.#acquireFailures += 1;
      this.#leave();
      throw translateAcquireFailure(error);
    }
  }

  /** Gives a connection back that is as good as new. */
  release(client: PoolClient): void {
    client.release();
    this.#leave();
  }

  /** Gives a connection back that is fit for nobody. */
  discard(client: PoolClient): void {
    this.#destroy(client);
    this.#leave();
  }

  /** Has every connection that is open now replaced before its next use. */
  suspectAll(): void {
    const now = performance.now();
    if (now - this.#suspectedAt < SUSPECT_INTERVAL_MS) return;
    this.#suspectedAt = now;
    this.#generation += 1;
  }

  /** Refuses newcomers, waits for work under way until `closeTimeoutMs`, then cuts what is left. Never rejects. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { promise: timeout, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), this.#settings.closeTimeoutMs);
    if (this.#users > 0) await Promise.race([this.#unused.promise, timeout]);
    await Promise.race([this.#pool.end().then(() => this.#allGone()), timeout]);
    clearTimeout(timer);
    for (const client of this.#open) client.connection.stream.destroy();
  }

  async #allGone(): Promise<void> {
    await Promise.all([...this.#open].map((client) => new Promise<void>((resolve) => client.once('end', resolve))));
  }

  #connect(): Promise<PgConnection> {
    return new Promise((resolve, reject) => {
      // Callbacks, as the pool's promises copy stacks on every failure and add a turn to every success.
      this.#pool.connect((error, client) => {
        if (client === undefined) {
          reject(error ?? new Error('the pool gave no connection'));
        } else if (this.#generations.get(client) === this.#generation) {
          resolve(new PgConnection(client, this));
        } else {
          this.#destroy(client);
          this.#connect().then(resolve, reject);
        }
      });
    });
  }

  /** At once, without a farewell that a dead network would swallow. */
  #destroy(client: PoolClient): void {
    this.#discarded += 1;
    client.connection.stream.destroy();
    client.release(true);
  }

  #leave(): void {
    this.#users -= 1;
    if (this.#users === 0 && this.#closed !== undefined) this.#unused.resolve(undefined);
  }

  #track(client: Client): void {
    this.#opened += 1;
    this.#open.add(client);
    client.once('end', () => this.#open.delete(client));
    // A client that finds no password to log in with would leave its socket to the server's patience.
    client.connection.on('error', () => client.connection.stream.destroy());
    // pg-pool listens to idle clients alone; without this, one that breaks between two statements ends the process.
    client.on('error', (error) => PgConnection.markBroken(client, error));
  }
}

function sessionConfig(connection: DatabaseConnection, settings: PoolSettings): ClientConfig {
  return {
    ...toClientConfig(connection),
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    statement_timeout: settings.statementTimeoutMs,
    query_timeout: settings.queryTimeoutMs,
    lock_timeout: settings.lockTimeoutMs,
    idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    types: columnValues,
    options: sessionOptions(settings),
  };
}

/**
 * Named statements are written so that one plan fits all their values. Left to itself the server plans a page of a
 * list anew each time, which takes it longer than reading the page.
 */
function sessionOptions({ readOnly }: PoolSettings): string {
  const always = '-c plan_cache_mode=force_generic_plan';
  return readOnly ? `${always} -c default_transaction_read_only=on` : always;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { CacheUnavailableError } from './cache-errors.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import { RedisConnection } from './redis-connection.ts';
import type { RedisCommands, RedisCredentials, RedisReply } from './redis-connection.ts';
import { translateRedisError } from './translate-redis-error.ts';

/** A connection that ended sooner than this counts as a failed try, or a flapping server would be dialled without pause. */
const STABLE_AFTER_MS = 1_000;
const DEFAULT_ERROR_INTERVAL_MS = 10_000;

/** How to reach Redis. Every deadline is in milliseconds. */
export interface RedisClientOptions {
  /** `redis://` or, with TLS, `rediss://`; without user and password when `credentials` is given. */
  readonly url: string;
  /** Shown by CLIENT LIST. Without blanks. */
  readonly name: string;
  /** Bounds the connection's set-up, and once more the greeting with its authentication. @default 1000 */
  readonly connectTimeoutMs?: number;
  /** From sending a command to its answer. @default 250 */
  readonly commandTimeoutMs?: number;
  /** Asked on every connect: for tokens that live minutes, as with ElastiCache IAM. @default the URL's own */
  readonly credentials?: () => Promise<RedisCredentials>;
  /** With `credentials`: a connection authenticates anew this often, which ElastiCache demands within 12 hours. @default 21600000 */
  readonly reauthenticateEveryMs?: number;
  /** Told of a lost connection, a failed try or a refused command; at most once per `errorIntervalMs`. Must not throw. */
  readonly onError: (error: Error) => void;
  /** At least this long between two calls of `onError`. @default 10000 */
  readonly errorIntervalMs?: number;
  /** Told whenever commands are let through again. Must not throw. @default nobody */
  readonly onReady?: () => void;
}

/** Runs on every connect before other commands are let through. A rejection ends the connection, and it is tried again. */
export type ConnectListener = (redis: RedisCommands) => Promise<void> | void;

/**
 * Redis behind one connection. Commands of the same turn of the event loop travel together. Without a connection a
 * command rejects at once; one without an answer within its deadline rejects and ends the connection, so that
 * a silent Redis costs one deadline, and not one for each request. Reconnects in the background until closed.
 */
export class RedisClient implements RedisCommands, AsyncDisposable {
  readonly #options: RedisClientOptions;
  readonly #listeners: ConnectListener[] = [];
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #connection: RedisConnection | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;

  private constructor(options: RedisClientOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Returns at once and connects in the background. Throws TypeError when the URL is not one of Redis. */
  static open(options: RedisClientOptions): RedisClient {
    const { protocol } = new URL(options.url);
    if (protocol !== 'redis:' && protocol !== 'rediss:')
      throw new TypeError('The URL of Redis must start with redis:// or rediss://.');
    return new RedisClient(options);
  }

  /** Whether commands are let through now. */
  get isReady(): boolean {
    return this.#connection !== undefined;
  }

  /**
   * Runs `listener` on every later connect, before commands are let through, and waits for it. Add it in the same turn as
   * `open`, or the first connect may be missed. It must end by itself: only the loss of the connection cuts it short.
   */
  onConnect(listener: ConnectListener): void {
    this.#listeners.push(listener);
  }

  /** Rejects with CacheUnavailableError. */
  send(args: readonly string[]): Promise<RedisReply> {
    if (this.#connection !== undefined) return this.#connection.send(args);
    return Promise.reject(new CacheUnavailableError('disconnected', 'There is no connection to Redis.'));
  }

  /** Lets the commands under way end, then disconnects for good. */
  async close(): Promise<void> {
    this.#closing.abort();
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // the caller adds its listeners first
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      const readyAt = await this.#holdConnection();
      if (readyAt !== undefined && performance.now() - readyAt >= STABLE_AFTER_MS) failures = 0;
      await sleep(reconnectDelayMs(failures), undefined, { signal: this.#closing.signal }).catch(() => undefined);
      failures += 1;
    }
  }

  /** One connection from its opening to its end; answers when it became ready, if ever. */
  async #holdConnection(): Promise<number | undefined> {
    let connection: RedisConnection | undefined;
    let readyAt: number | undefined;
    try {
      connection = await RedisConnection.open({ ...this.#options, onRefused: (error) => this.#report(error) });
      await this.#greet(connection);
      readyAt = performance.now();
      if (this.#closing.signal.aborted) return undefined;
      this.#admit(connection);
      throw await connection.ended;
    } catch (error) {
      this.#connection = undefined;
      if (!this.#closing.signal.aborted) this.#report(error);
    } finally {
      connection?.drop(new CacheUnavailableError('disconnected', 'The connection to Redis was given up.'));
    }
    return readyAt;
  }

  async #greet(connection: RedisConnection): Promise<void> {
    const greeted = (async (): Promise<undefined> => {
      for (const listener of this.#listeners) await listener(connection);
    })();
    const lost = await Promise.race([greeted, connection.ended]);
    if (lost !== undefined) throw lost;
  }

  #admit(connection: RedisConnection): void {
    this.#connection = connection;
    this.#options.onReady?.();
  }

  #report(error: unknown): void {
    const now = performance.now();
    if (now - this.#reportedAt < (this.#options.errorIntervalMs ?? DEFAULT_ERROR_INTERVAL_MS)) return;
    this.#reportedAt = now;
    this.#options.onError(error instanceof Error ? error : translateRedisError(error));
  }
}

import { createClient } from 'redis';
import { CacheUnavailableError } from './cache-errors.ts';
import { CommandDeadline } from './command-deadline.ts';
import { isFormerPrimary, isUnknownScript, translateRedisError } from './translate-redis-error.ts';

/** What Redis answers to the commands of this library. */
export type RedisReply = string | number | null | readonly RedisReply[];

/** The items of a reply that is an array; none of one that is not. */
export function replyItems(reply: RedisReply): readonly RedisReply[] {
  return typeof reply === 'object' && reply !== null ? reply : [];
}

/** A user name and password for Redis. With ElastiCache the password is a short-lived IAM token. */
export interface RedisCredentials {
  readonly username: string;
  readonly password: string;
}

/** Something that carries commands to Redis. */
export interface RedisCommands {
  /** Rejects with CacheUnavailableError. */
  send(args: readonly string[]): Promise<RedisReply>;
}

/** How to open one connection; see RedisClientOptions for the meaning. */
export interface RedisConnectionOptions {
  readonly url: string;
  readonly name: string;
  readonly connectTimeoutMs?: number;
  readonly commandTimeoutMs?: number;
  readonly credentials?: () => Promise<RedisCredentials>;
  readonly reauthenticateEveryMs?: number;
  /** Redis answered with an error, or there were no credentials for it. */
  readonly onRefused: (error: Error) => void;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 1_000;
const DEFAULT_COMMAND_TIMEOUT_MS = 250;
const DEFAULT_REAUTHENTICATE_EVERY_MS = 6 * 3_600_000;

type Driver = ReturnType<typeof createDriver>;

/**
 * One connection, from its opening to its end; it never reconnects. The driver's own reconnecting is off because it
 * can neither drop a silent connection nor hold commands back until listeners have run.
 */
export class RedisConnection implements RedisCommands {
  readonly #driver: Driver;
  readonly #deadline: CommandDeadline;
  readonly #onRefused: (error: Error) => void;
  readonly #ended = Promise.withResolvers<Error>();
  #cause: CacheUnavailableError | undefined;
  #reauthentication: NodeJS.Timeout | undefined;

  private constructor(driver: Driver, options: RedisConnectionOptions) {
    const { commandTimeoutMs = DEFAULT_COMMAND_TIMEOUT_MS } = options;
    this.#driver = driver;
    this.#onRefused = options.onRefused;
    this.#deadline = new CommandDeadline(commandTimeoutMs, () => {
      this.drop(new CacheUnavailableError('timed-out', `Redis did not answer within ${commandTimeoutMs} ms.`));
    });
    driver.on('error', (error: Error) => this.drop(translateRedisError(error)));
  }

  /** Rejects with CacheUnavailableError when Redis cannot be reached or refuses the credentials. */
  static async open(options: RedisConnectionOptions): Promise<RedisConnection> {
    const driver = createDriver(options);
    const connection = new RedisConnection(driver, options);
    const { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
    let timer: NodeJS.Timeout | undefined;
    // The driver bounds connecting itself, but not the greeting: a frozen server's kernel still accepts connections.
    driver.once('connect', () => {
      timer = setTimeout(() => {
        const message = `Redis did not greet within ${connectTimeoutMs} ms.`;
        connection.drop(new CacheUnavailableError('timed-out', message));
      }, connectTimeoutMs);
    });
    try {
      await driver.connect();
      connection.#keepAuthenticated(options);
      return connection;
    } catch (error) {
      connection.drop(translateRedisError(error));
      throw connection.#cause ?? error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves with the reason when the connection is over. */
  get ended(): Promise<Error> {
    return this.#ended.promise;
  }

  send(args: readonly string[]): Promise<RedisReply> {
    this.#deadline.begin();
    return this.#driver.sendCommand<RedisReply>(args).then(this.#onReply, this.#onFailure);
  }

  /** Ends the connection at once. What is unanswered rejects with the cause. */
  drop(cause: CacheUnavailableError): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.#deadline.stop();
    clearInterval(this.#reauthentication);
    this.#driver.destroy();
    this.#ended.resolve(cause);
  }

  /** Waits for the answers under way, which the command deadline bounds, and ends the connection. */
  async close(): Promise<void> {
    if (this.#cause === undefined) await Promise.race([this.#driver.close(), this.#ended.promise]);
    this.drop(new CacheUnavailableError('disconnected', 'The Redis client is closed.'));
  }

  /** Some servers end a connection when its token has long been over, unless it brings another one. */
  #keepAuthenticated({
    credentials,
    reauthenticateEveryMs = DEFAULT_REAUTHENTICATE_EVERY_MS,
  }: RedisConnectionOptions): void {
    if (credentials === undefined) return;
    const reauthenticate = async (): Promise<void> => {
      const { username, password } = await credentials();
      await this.send(['AUTH', username, password]);
    };
    // One that fails changes nothing yet: the next may succeed, and a connection that the server ends is replaced.
    const failed = (error: unknown): void => {
      if (error instanceof CacheUnavailableError) return; // told already
      this.#onRefused(
        new CacheUnavailableError('refused', 'There are no new credentials for Redis.', { cause: error }),
      );
    };
    this.#reauthentication = setInterval(() => void reauthenticate().catch(failed), reauthenticateEveryMs).unref();
  }

  readonly #onReply = (reply: RedisReply): RedisReply => {
    this.#deadline.end();
    return reply;
  };

  readonly #onFailure = (error: unknown): never => {
    this.#deadline.end();
    // When the whole connection was dropped, its cause says more than the driver's word for it.
    if (this.#cause !== undefined) throw unanswered(this.#cause);
    const translated = translateRedisError(error);
    if (isFormerPrimary(error)) this.drop(translated);
    else if (!isUnknownScript(error)) this.#onRefused(translated);
    throw translated;
  };
}

/** Callers get an error of their own each, as a shared one would carry the stack of a stranger. */
function unanswered(cause: CacheUnavailableError): CacheUnavailableError {
  return new CacheUnavailableError(cause.reason, cause.message, { cause });
}

function createDriver(options: RedisConnectionOptions) {
  const { url, name, credentials, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  return createClient({
    url,
    name,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // The driver's deadline stops when a command is written, and costs an AbortSignal for each; CommandDeadline watches.
    commandOptions: { timeout: 0 },
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: false },
    ...(credentials && { credentialsProvider: { type: 'async-credentials-provider' as const, credentials } }),
  });
}

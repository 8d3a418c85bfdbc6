import { createHash } from 'node:crypto';
import type { RedisCommands, RedisReply } from './redis-connection.ts';
import { isUnknownScript } from './translate-redis-error.ts';

/** A Lua script that Redis runs atomically. It is sent by its digest, and whole only when Redis does not know it yet. */
export class RedisScript {
  readonly #source: string;
  readonly #digest: string;

  constructor(source: string) {
    this.#source = source;
    this.#digest = createHash('sha1').update(source).digest('hex'); // the digest EVALSHA asks for, not a secret
  }

  /** Rejects with CacheUnavailableError. */
  async run(redis: RedisCommands, keys: readonly string[], args: readonly string[]): Promise<RedisReply> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await redis.send(['EVALSHA', this.#digest, ...rest]);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return redis.send(['EVAL', this.#source, ...rest]);
    }
  }
}

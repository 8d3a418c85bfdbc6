import { randomUUID } from 'node:crypto';
import { CacheUnavailableError } from './cache-errors.ts';
import { LeasedLock } from './leased-lock.ts';
import type { Lease } from './leased-lock.ts';
import { acquireWithPatience } from './lock-waiting.ts';
import type { LockTry } from './lock-waiting.ts';
import type { HeldLock, Lock, LockRequest } from './lock.ts';
import { replyItems } from './redis-connection.ts';
import type { RedisCommands } from './redis-connection.ts';
import { RedisScript } from './redis-script.ts';

/**
 * The token is Redis' time in µs, or one more than the last where that is not greater: it grows although the counter is lost
 * with Redis' memory, and one counter serves all names. A holder that asks again, as its first answer was lost, gets its own lock.
 */
const ACQUIRE = new RedisScript(`
local held = redis.call('GET', KEYS[1])
if held then
  local token, owner = string.match(held, '^(%d+):(.*)$')
  if owner ~= ARGV[1] then return {'', redis.call('PTTL', KEYS[1])} end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return {token, 0}
end
local time = redis.call('TIME')
local token = math.max(time[1] * 1000000 + time[2], tonumber(redis.call('GET', KEYS[2]) or '0') + 1)
local text = string.format('%.0f', token)
redis.call('SET', KEYS[2], text)
redis.call('SET', KEYS[1], text .. ':' .. ARGV[1], 'PX', ARGV[2])
return {text, 0}
`);

const EXTEND = new RedisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

const RELEASE = new RedisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);

/** Where the locks are kept. */
export interface RedisLockOptions {
  readonly client: RedisCommands;
  /** Starts every key. @default 'lock' */
  readonly prefix?: string;
}

/** Locks between processes. */
export class RedisLock implements Lock {
  readonly #client: RedisCommands;
  readonly #prefix: string;

  constructor({ client, prefix = 'lock' }: RedisLockOptions) {
    this.#client = client;
    this.#prefix = prefix;
  }

  acquire(name: string, request: LockRequest): Promise<HeldLock | undefined> {
    const owner = randomUUID();
    return acquireWithPatience(() => this.#tryOnce(name, owner, request.ttlMs), request);
  }

  async #tryOnce(name: string, owner: string, ttlMs: number): Promise<LockTry> {
    const askedAt = performance.now();
    const key = `${this.#prefix}:held:${name}`;
    const reply = await ACQUIRE.run(this.#client, [key, `${this.#prefix}:last-token`], [owner, String(ttlMs)]);
    const [token = '', freeInMs = 0] = replyItems(reply);
    if (token === '') return { freeInMs: Number(freeInMs) };
    return new LeasedLock(this.#lease(key, `${String(token)}:${owner}`, Number(token)), askedAt, ttlMs);
  }

  #lease(key: string, holder: string, fencingToken: number): Lease {
    const client = this.#client;
    return {
      fencingToken,
      extend: async (ttlMs) => (await EXTEND.run(client, [key], [holder, String(ttlMs)])) === 1,
      release: async () => {
        try {
          await RELEASE.run(client, [key], [holder]);
        } catch (error) {
          if (!(error instanceof CacheUnavailableError)) throw error;
        }
      },
    };
  }
}

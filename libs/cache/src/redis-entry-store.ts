import type { Clock } from './clock.ts';
import type { EntryStore, FilledEntry, PublishedEntry } from './entry-store.ts';
import { replyItems } from './redis-connection.ts';
import type { RedisCommands, RedisReply } from './redis-connection.ts';
import { RedisScript } from './redis-script.ts';

/** Sixteen digits hold every safe integer, and Lua's numbers, which are doubles, compare them exactly. */
const SET_IF_NEWER = new RedisScript(`
local digits, sign = string.match(redis.call('GETRANGE', KEYS[1], 0, 16), '^(%d+)(.)')
local held, generation = tonumber(digits), tonumber(ARGV[1])
if held and held > generation then return 0 end
if held == generation and sign ~= '?' and ARGV[4] == 'fill' then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`);

/** Entries in Redis, each a string with a lifetime. */
export class RedisEntryStore implements EntryStore {
  readonly #redis: RedisCommands;
  readonly #longestLoadMs: number;
  readonly #clock: Clock;

  constructor(redis: RedisCommands, longestLoadMs: number, clock: Clock) {
    this.#redis = redis;
    this.#longestLoadMs = longestLoadMs;
    this.#clock = clock;
  }

  async read(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    const [first] = keys;
    if (first === undefined) return [];
    if (keys.length === 1) return [textOrNothing(await this.#redis.send(['GET', first]))];
    return replyItems(await this.#redis.send(['MGET', ...keys])).map(textOrNothing);
  }

  async write(entry: FilledEntry | PublishedEntry): Promise<void> {
    // What was published while a shorter load ran is still there; after a longer one it may have come and gone.
    if (entry.kind === 'fill' && this.#clock() - entry.loadedSince > this.#longestLoadMs) return;
    const lifetimeMs = String(Math.ceil(entry.lifetimeMs));
    await SET_IF_NEWER.run(this.#redis, [entry.key], [String(entry.generation), entry.text, lifetimeMs, entry.kind]);
  }

  position(): number {
    return this.#clock();
  }
}

function textOrNothing(reply: RedisReply): string | undefined {
  return typeof reply === 'string' ? reply : undefined;
}

import type { EntryStore, EntryWrite } from './entry-store.ts';
import { replyItems } from './redis-connection.ts';
import type { RedisCommands, RedisReply } from './redis-connection.ts';
import { RedisScript } from './redis-script.ts';

/** Sixteen digits hold every safe integer; Lua's numbers are doubles and compare them exactly. */
const SET_IF_NEWER = new RedisScript(`
local held = tonumber(string.match(redis.call('GETRANGE', KEYS[1], 0, 16), '^%d+'))
local generation = tonumber(ARGV[1])
if held and (held > generation or (held == generation and ARGV[4] == 'fill')) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`);

/** Entries in Redis, each a string with a lifetime. */
export class RedisEntryStore implements EntryStore {
  readonly #redis: RedisCommands;
  readonly #longestLoadMs: number;

  constructor(redis: RedisCommands, longestLoadMs: number) {
    this.#redis = redis;
    this.#longestLoadMs = longestLoadMs;
  }

  async read(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    const [first] = keys;
    if (first === undefined) return [];
    if (keys.length === 1) return [textOrNothing(await this.#redis.send(['GET', first]))];
    return replyItems(await this.#redis.send(['MGET', ...keys])).map(textOrNothing);
  }

  async write({ key, generation, text, lifetimeMs, replacesEqual, loadedSince }: EntryWrite): Promise<void> {
    // A newer entry that was published when the load began lives longer than this; after it, it may have come and gone.
    if (loadedSince !== undefined && this.position() - loadedSince > this.#longestLoadMs) return;
    const kind = replacesEqual ? 'publish' : 'fill';
    await SET_IF_NEWER.run(this.#redis, [key], [String(generation), text, String(Math.ceil(lifetimeMs)), kind]);
  }

  position(): number {
    return performance.now();
  }
}

function textOrNothing(reply: RedisReply): string | undefined {
  return typeof reply === 'string' ? reply : undefined;
}

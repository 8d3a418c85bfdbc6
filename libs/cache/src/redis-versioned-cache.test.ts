import { describe, expect, it } from '@jest/globals';
import { CacheUnavailableError } from './cache-errors.ts';
import type { RedisCommands, RedisReply } from './redis-connection.ts';
import { RedisVersionedCache } from './redis-versioned-cache.ts';
import { MemoryCacheEpoch } from './testing/memory-cache-epoch.ts';
import { TurnableClock } from './testing/turnable-clock.ts';

/** Answers every command in the way the test says, and remembers the commands. */
class ScriptedRedis implements RedisCommands {
  readonly commands: (readonly string[])[] = [];
  readonly #answer: () => RedisReply;

  constructor(answer: () => RedisReply) {
    this.#answer = answer;
  }

  async send(args: readonly string[]): Promise<RedisReply> {
    this.commands.push(args);
    return this.#answer();
  }
}

const entry = { generation: 3, value: 'x' };

describe('RedisVersionedCache', () => {
  it('publishes once more when the epoch changed meanwhile, as others read only the new one', async () => {
    const epoch = new MemoryCacheEpoch();
    const client = new ScriptedRedis(() => {
      if (client.commands.length === 1) epoch.openNext();
      return 1;
    });
    await new RedisVersionedCache<string>({ client, epoch, prefix: 'p' }).publish('a', entry);
    expect(client.commands.map((args) => args[3])).toEqual(['p:e1:a', 'p:e2:a']);
  });

  it('does not confirm a publication during which the epoch was closed, or never stood still', async () => {
    const epoch = new MemoryCacheEpoch();
    const closing = new ScriptedRedis(() => (epoch.close(), 1));
    const published = new RedisVersionedCache<string>({ client: closing, epoch, prefix: 'p' }).publish('a', entry);
    await expect(published).rejects.toMatchObject({ name: 'CacheUnavailableError', reason: 'closed' });
    epoch.openNext();
    const restless = new ScriptedRedis(() => (epoch.openNext(), 1));
    const again = new RedisVersionedCache<string>({ client: restless, epoch, prefix: 'p' }).publish('a', entry);
    await expect(again).rejects.toMatchObject({ reason: 'closed' });
  });

  it('misses, loads and fills in silence when Redis is away; publishing rejects', async () => {
    const client = new ScriptedRedis(() => {
      throw new CacheUnavailableError('disconnected', 'away');
    });
    const cache = new RedisVersionedCache<string>({ client, epoch: new MemoryCacheEpoch(), prefix: 'p' });
    expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined]);
    expect(await cache.getOrLoad('a', async () => entry)).toEqual(entry);
    await cache.fill('a', entry);
    await expect(cache.publish('a', entry)).rejects.toMatchObject({ reason: 'disconnected' });
  });

  it('drops what took longer to load than anything published is sure to be kept', async () => {
    const clock = new TurnableClock();
    const client = new ScriptedRedis(() => 1);
    const options = { client, epoch: new MemoryCacheEpoch(), prefix: 'p', clock: clock.now, longestLoadMs: 1_000 };
    const cache = new RedisVersionedCache<string>(options);
    const mark = cache.beginLoad();
    clock.advance(1_001);
    await cache.fill('a', entry, mark);
    expect(client.commands).toEqual([]);
    await cache.fill('a', entry, cache.beginLoad());
    expect(client.commands).toHaveLength(1);
  });
});

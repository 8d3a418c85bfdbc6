import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { RedisVersionedCache } from '../src/redis-versioned-cache.ts';
import { MemoryCacheEpoch } from '../src/testing/memory-cache-epoch.ts';
import { playReadAfterWriteRace } from '../src/testing/read-after-write-race.ts';
import { RedisServerProcess } from '../src/testing/redis-server-process.ts';
import { givenClient, redisExecutable } from './given-redis.ts';

const FAULTS = 12;

/** Kills Redis, which then has lost everything, or freezes it for longer than the command deadline, in turns. */
async function breakRepeatedly(server: RedisServerProcess): Promise<void> {
  for (let fault = 0; fault < FAULTS; fault += 1) {
    await sleep(50 + Math.random() * 400);
    if (fault % 2 === 0) {
      await server.kill();
      await sleep(Math.random() * 100);
      await server.restart();
      continue;
    }
    server.freeze();
    await sleep(50 + Math.random() * 250);
    server.thaw();
  }
}

it('no reader sees less than was acknowledged, though Redis is killed and frozen', async () => {
  await using server = await RedisServerProcess.start(redisExecutable());
  const epoch = new MemoryCacheEpoch();
  const caches = Array.from({ length: 4 }, () => {
    const client = givenClient({ url: server.url, commandTimeoutMs: 100, connectTimeoutMs: 200 });
    client.onConnect(() => epoch.openNext());
    return new RedisVersionedCache<string>({ client, epoch, prefix: 'things', longestLoadMs: 200, lifetimeMs: 5_000 });
  });
  let isBroken = true;
  const breaking = breakRepeatedly(server).finally(() => (isBroken = false));
  const outcome = await playReadAfterWriteRace({
    caches,
    keys: ['a', 'b', 'c', 'd', 'e'],
    isOver: (rounds) => !isBroken && rounds > 10_000,
    fence: () => epoch.openNext(),
  });
  await breaking;
  expect(outcome.violations).toEqual([]);
  expect(outcome.fences).toBeGreaterThan(0);
  expect(outcome.hits).toBeGreaterThan(0);
});

import { describe } from '@jest/globals';
import { RedisLock } from '../src/redis-lock.ts';
import { RedisRateLimiter } from '../src/redis-rate-limiter.ts';
import { RedisVersionedCache } from '../src/redis-versioned-cache.ts';
import { describeLockContract } from '../src/testing/lock-contract.ts';
import { MemoryCacheEpoch } from '../src/testing/memory-cache-epoch.ts';
import { describeRateLimiterContract } from '../src/testing/rate-limiter-contract.ts';
import { describeSessionStoreContract } from '../src/testing/session-store-contract.ts';
import { TurnableClock } from '../src/testing/turnable-clock.ts';
import { describeVersionedCacheContract } from '../src/testing/versioned-cache-contract.ts';
import { expireAll, givenPrefix, givenReadyClient } from './given-redis.ts';

describe('RedisVersionedCache', () => {
  describeVersionedCacheContract(async () => {
    const clients = await Promise.all([1, 2, 3].map(() => givenReadyClient()));
    const [first] = clients;
    const prefix = givenPrefix();
    const clock = new TurnableClock();
    let opened = 0;
    return {
      clock,
      // Every cache has a connection of its own, as in a process of its own.
      cache: (epoch, options) => {
        const client = clients[opened++ % clients.length];
        if (client === undefined) throw new RangeError('There is no client.');
        return new RedisVersionedCache({
          ...options,
          epoch,
          client,
          clock: clock.now,
          prefix: `${prefix}-${options.prefix}`,
        });
      },
      expireAll: async () => {
        if (first) await expireAll(first, prefix);
      },
      isSharedBetweenProcesses: true,
    };
  });
});

describe('SessionStore over RedisVersionedCache', () => {
  describeSessionStoreContract(async () => {
    const epoch = new MemoryCacheEpoch();
    const client = await givenReadyClient();
    return { epoch, cache: new RedisVersionedCache({ client, epoch, prefix: givenPrefix(), absentLifetimeMs: 0 }) };
  });
});

describe('RedisRateLimiter', () => {
  describeRateLimiterContract(async () => {
    const client = await givenReadyClient();
    const prefix = givenPrefix();
    return {
      limiter: new RedisRateLimiter({ client, prefix }),
      // Redis' clock cannot be turned, but the beginning of the window can be put back.
      pass: async (key, windowMs, ms) => {
        const held = String(await client.send(['GET', `${prefix}:${windowMs}:${key}`]));
        const [startedAt = '', ...counters] = held.split(':');
        await client.send(['SET', `${prefix}:${windowMs}:${key}`, [Number(startedAt) - ms, ...counters].join(':')]);
      },
    };
  });
});

describe('RedisLock', () => {
  describeLockContract(async () => {
    const client = await givenReadyClient();
    const prefix = givenPrefix();
    return {
      lock: new RedisLock({ client, prefix }),
      expire: async (name) => {
        await client.send(['PEXPIREAT', `${prefix}:held:${name}`, '1']);
      },
    };
  });
});

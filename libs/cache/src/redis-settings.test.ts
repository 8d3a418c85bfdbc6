import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { redisConnection, redisSettings, type RedisSettings } from './redis-settings.ts';

function read(env: Readonly<Record<string, string>>): RedisSettings {
  return z.object(redisSettings).parse(env);
}

describe('redisConnection', () => {
  const REDIS_URL = 'rediss://cache.example:6379';

  it('takes the URL', () => {
    expect(redisConnection(read({ REDIS_URL }))).toEqual({ url: REDIS_URL });
    expect(redisConnection(read({}))).toBeUndefined();
  });

  it('takes tokens of a user of ElastiCache', () => {
    const iam = { REDIS_IAM_USER: 'shop-web', REDIS_IAM_CACHE: 'shop-cache' };
    expect(redisConnection(read({ REDIS_URL, ...iam }))).toEqual({ url: REDIS_URL, credentials: expect.any(Function) });
    expect(redisConnection(read(iam))).toBeUndefined();
  });

  it('refuses a URL that is not one of Redis', () => {
    expect(() => read({ REDIS_URL: 'http://cache' })).toThrow(z.ZodError);
  });
});

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { redisConnection, redisFaults, redisSettings, type RedisSettings } from './redis-settings.ts';

function read(env: Readonly<Record<string, string>>): RedisSettings {
  return z.object(redisSettings).parse(env);
}

const REDIS_URL = 'rediss://cache.example:6379';
const iam = { REDIS_IAM_USER: 'shop-web', REDIS_IAM_CACHE: 'shop-cache' };

describe('redisFaults', () => {
  it.each([
    ['nothing', {}, []],
    ['a URL', { REDIS_URL }, []],
    ['tokens', { REDIS_URL, ...iam }, []],
    ['tokens over plain TCP', { REDIS_URL: 'redis://cache', ...iam }, ['REDIS_URL: must be a rediss:// URL']],
    ['no cache', { REDIS_URL, REDIS_IAM_USER: 'shop-web' }, ['REDIS_IAM_CACHE: required']],
    ['no user', { REDIS_URL, REDIS_IAM_CACHE: 'shop-cache' }, ['REDIS_IAM_USER: required']],
  ])('%s', (_title, env, faults) => {
    expect(redisFaults(env)).toEqual(faults.map((fault) => expect.stringContaining(fault)));
  });
});

describe('redisConnection', () => {
  it('takes the URL', () => {
    expect(redisConnection(read({ REDIS_URL }))).toEqual({ url: REDIS_URL });
    expect(redisConnection(read({}))).toBeUndefined();
  });

  it('takes tokens of a user of ElastiCache', () => {
    expect(redisConnection(read({ REDIS_URL, ...iam }))).toEqual({ url: REDIS_URL, credentials: expect.any(Function) });
    expect(redisConnection(read(iam))).toBeUndefined();
  });

  it('refuses half of what tokens need, which would be a connection without them', () => {
    expect(() => redisConnection(read({ REDIS_URL, REDIS_IAM_USER: 'shop-web' }))).toThrow('REDIS_IAM_CACHE: required');
  });

  it.each(['http://cache', 'redis://', 'redis://cache/sessions', 'redis://:100%@cache', 'redis://cache:99999'])(
    'refuses %s',
    (url) => {
      expect(() => read({ REDIS_URL: url })).toThrow(z.ZodError);
    },
  );

  it.each(['redis://cache', 'redis://cache/', 'redis://me:p%25@cache:6380/2'])('takes %s', (url) => {
    expect(redisConnection(read({ REDIS_URL: url }))).toEqual({ url });
  });
});

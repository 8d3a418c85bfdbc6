import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisClient } from '@stowage/cache';
import { RedisServerProcess } from '@stowage/cache/testing';
import { FaultyTcpProxy } from '@stowage/db/testing';
import { callWith, givenColleague, signIn, type Browser } from './given-identity.ts';
import { givenAccount } from './given.ts';
import { hashToken } from '../src/sessions/secret-token.ts';
import { requiredService, startApi, type RunningApi } from './start-api.ts';

/** Two processes of one installation; only the first reaches Redis through a line that can be cut. */
describe('credentials over two processes', () => {
  let redis: RedisServerProcess;
  let line: FaultyTcpProxy;
  let watcher: RedisClient;
  let first: RunningApi;
  let second: RunningApi;

  beforeAll(async () => {
    redis = await RedisServerProcess.start(requiredService('TEST_REDIS_SERVER'));
    line = await FaultyTcpProxy.inFrontOf(redis.url);
    watcher = RedisClient.open({ url: redis.url, name: 'watcher', onError: () => undefined });
    first = await startApi({ env: { REDIS_URL: line.through(redis.url) } });
    second = await startApi({ beside: first, env: { REDIS_URL: redis.url } });
  });

  afterAll(async () => {
    await second[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    await watcher.close();
    await line.close();
    await redis.kill();
  });

  /** Asks the second process until it has the credential in the cache: else it could not be wrong about it. */
  async function untilCached(token: string, ask: () => Promise<{ status: number }>): Promise<void> {
    const isCached = async (): Promise<boolean> => String(await watcher.send(['KEYS', `*:${hashToken(token)}`])) !== '';
    do {
      expect((await ask()).status).toBe(200);
      await delay(20);
    } while (!(await isCached()));
  }

  it('401: what one process ended the other refuses at once', async () => {
    const owner = await givenAccount(first);
    const member = await givenColleague(first, owner, 'member');
    const byToken = callWith(second, owner.token);
    expect((await byToken('GET', '/v1/users/me')).status).toBe(200);
    expect((await member.call('GET', '/v1/users/me', { api: second })).status).toBe(200);

    expect((await owner.call('PATCH', `/v1/users/${member.userId}`, { json: { role: 'admin' } })).status).toBe(200);
    expect((await member.call('GET', '/v1/users/me', { api: second })).status).toBe(401);

    const { items } = (await owner.call('GET', '/v1/access-tokens')).json as { items: { id: string }[] };
    expect((await owner.call('DELETE', `/v1/access-tokens/${String(items[0]?.id)}`)).status).toBe(204);
    expect((await byToken('GET', '/v1/users/me')).status).toBe(401);
  });

  it('sessions outlive all that Redis knew', async () => {
    const browser = await signIn(first, (await givenAccount(first)).email);
    expect((await browser.call('GET', '/v1/users/me', { api: second })).status).toBe(200);
    await redis.kill();
    expect((await browser.call('GET', '/v1/users/me', { api: second })).status).toBe(200);
    await redis.restart();
    expect((await browser.call('GET', '/v1/users/me', { api: first })).status).toBe(200);
    expect((await browser.call('GET', '/v1/users/me', { api: second })).status).toBe(200);
  });

  it('a session stays ended although Redis cannot be told', async () => {
    const browser = await signIn(first, (await givenAccount(first)).email);
    const ask = (api: RunningApi): ReturnType<Browser['call']> => browser.call('GET', '/v1/users/me', { api });
    await untilCached(browser.cookie.split('=')[1] ?? '', () => ask(second));
    await line.setMode('refuse');
    try {
      expect((await browser.call('DELETE', '/v1/sessions/current')).status).toBe(204);
      expect((await ask(second)).status).toBe(401);
      expect((await ask(first)).status).toBe(401);
    } finally {
      await line.setMode('pass');
    }
    expect((await ask(first)).status).toBe(401);
  });

  it('an access token stays revoked although Redis does not answer', async () => {
    const owner = await givenAccount(first);
    const { id } = (await owner.call('GET', '/v1/access-tokens')).json.items[0] as { id: string };
    const ask = (api: RunningApi): ReturnType<Browser['call']> => callWith(api, owner.token)('GET', '/v1/users/me');
    await untilCached(owner.token, () => ask(second));
    await line.setMode('blackhole');
    try {
      expect((await owner.call('DELETE', `/v1/access-tokens/${id}`)).status).toBe(204);
      expect((await ask(second)).status).toBe(401);
      expect((await ask(first)).status).toBe(401);
    } finally {
      await line.setMode('pass');
    }
    expect((await ask(first)).status).toBe(401);
  });
});

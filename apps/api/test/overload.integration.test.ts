import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { givenAccount, givenBucket, password, send } from './given.ts';
import { RawConnection } from './http-exchange.ts';
import { startApi } from './start-api.ts';

const probe = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';

describe('more than can be done in time', () => {
  it('of sign-ins: some are refused, none is lost, and other requests go on', async () => {
    await using api = await startApi();
    const client = await givenAccount(api);
    const bucket = await givenBucket(client);
    const signIns = Array.from({ length: 200 }, (_, index) =>
      send(api, 'POST', '/v1/sessions', { json: { email: `nobody-${index}@example.com`, password } }),
    );
    for (let upload = 0; upload < 20; upload += 1) {
      const path = `/v1/buckets/${bucket}/objects/during-${upload}`;
      expect((await client.call('PUT', path, { body: 'content' })).status).toBe(201);
    }
    const answers = await Promise.all(signIns);
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 401).length + refused.length).toBe(200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(200 - 64);
    for (const { json, headers } of refused)
      expect([json.type, headers.get('retry-after')]).toEqual(['/problems/overloaded', '1']);
    const signedIn = await send(api, 'POST', '/v1/sessions', { json: { email: client.email, password } });
    expect(signedIn.status).toBe(201);
  });

  it('of connections: what is too many is closed and counted, and there is room again when others leave', async () => {
    await using api = await startApi({ env: { MAX_CONNECTIONS: '3' } });
    const dropped = async (): Promise<number | undefined> =>
      (await api.registry.getSingleMetric('http_dropped_connections_total')?.get())?.values[0]?.value;
    const open = async (): Promise<RawConnection> => {
      const connection = await RawConnection.open(api);
      connection.write(probe);
      return connection;
    };
    const first = [await open(), await open(), await open()];
    for (const connection of first) expect(await connection.until(/ok/)).toMatch(/^HTTP\/1\.1 200 /);
    using tooMany = await open();
    expect(await tooMany.untilEnd()).toBe('');
    expect(await dropped()).toBe(1);
    for (const connection of first) connection[Symbol.dispose]();
    for (;;) {
      using later = await open();
      if ((await later.until(/ok/)).startsWith('HTTP/1.1 200 ')) break;
      await delay(10);
    }
  });
});

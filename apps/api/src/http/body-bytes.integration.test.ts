import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { givenRoute, HttpApp } from '../../test/http-app.ts';

const hello = givenRoute({
  path: '/hello',
  handle: async (_input, { res }) => void res.setHeader('Content-Length', 5).end('hello'),
});
const take = givenRoute({
  ...{ method: 'put', path: '/take', request: { body: 'bytes' } },
  handle: async (_input, { req, res }) => {
    await finished(req.resume());
    res.status(204).end();
  },
});
const endless = givenRoute({
  path: '/endless',
  handle: async (_input, { res }) => {
    res.setHeader('Content-Length', 1_000_000).write('x'.repeat(50_000));
    await once(res, 'close');
  },
});

let app: HttpApp;
beforeEach(async () => {
  app = await HttpApp.listen([hello, take, endless]);
});
afterEach(async () => {
  await app[Symbol.asyncDispose]();
});

/** Bytes of the bodies of a route once so many of its requests are over. */
async function bytesOf(direction: 'request' | 'response', route: string, requests = 1): Promise<number> {
  const sumOf = async (metric: string): Promise<number> => {
    const { values } = (await app.registry.getSingleMetric(metric)?.get()) ?? { values: [] };
    return values.filter(({ labels }) => labels.route === route).reduce((sum, { value }) => sum + value, 0);
  };
  while ((await sumOf('http_requests_total')) < requests) await delay(5);
  return sumOf(`http_${direction}_body_bytes_total`);
}

describe('the bytes of bodies', () => {
  it('of responses, but not what a HEAD only announces', async () => {
    for (const method of ['GET', 'GET', 'HEAD']) await app.send({ method, path: '/hello' });
    expect(await bytesOf('response', '/hello', 3)).toBe(10);
    expect(await bytesOf('request', '/hello', 3)).toBe(0);
  });

  it('of requests, of known and of unknown length', async () => {
    const body = 'x'.repeat(300_000);
    await app.send({ method: 'PUT', path: '/take', headers: { 'content-length': body.length }, body });
    expect(await bytesOf('request', '/take')).toBe(300_000);
    await app.send({ method: 'PUT', path: '/take', headers: { 'transfer-encoding': 'chunked' }, body });
    const both = await bytesOf('request', '/take', 2);
    expect(both).toBeGreaterThan(500_000); // the connection may have carried some before the request began
    expect(both).toBeLessThan(620_000);
    expect(await bytesOf('response', '/take', 2)).toBe(0);
  });

  it('of a response that the client did not wait for: what was sent', async () => {
    const socket = await app.connect();
    socket.write('GET /endless HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    const sent = await bytesOf('response', '/endless');
    expect(sent).toBeGreaterThanOrEqual(50_000);
    expect(sent).toBeLessThan(60_000);
  });
});

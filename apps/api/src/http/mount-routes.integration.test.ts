import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { givenPrincipal } from '../../test/given-principal.ts';
import { givenRoute, HttpApp, type Admission } from '../../test/http-app.ts';
import { RateLimitedError, UnauthenticatedError } from './http-errors.ts';
import { currentPrincipal } from './principal.ts';
import type { Route } from './route.ts';

let app: HttpApp;
afterEach(() => app[Symbol.asyncDispose]());

const json = { 'content-type': 'application/json' };

const echo = givenRoute({
  method: 'post',
  path: '/echo/:name',
  request: { params: z.object({ name: z.string() }), body: z.strictObject({ text: z.string() }) },
  handle: async ({ params, body }, { res }) => {
    res.json({ params, body });
  },
});
const read = givenRoute({ path: '/echo/:name', handle: async (_input, { res }) => void res.send('content') });

describe('mounted routes', () => {
  it('hand the parsed request to the handler', async () => {
    app = await HttpApp.listen([echo]);
    const answer = await app.send({ method: 'POST', path: '/echo/a%2Fb', headers: json, body: '{"text":"ü"}' });
    expect(answer).toMatchObject({ status: 200, json: { params: { name: 'a/b' }, body: { text: 'ü' } } });
    expect(app.logs.withMessage('request')).toEqual([expect.objectContaining({ route: '/echo/:name', status: 200 })]);
  });

  it('answer HEAD as GET without the body, and OPTIONS with what is allowed', async () => {
    app = await HttpApp.listen([echo, read]);
    expect(await app.send({ method: 'HEAD', path: '/echo/x' })).toMatchObject({ status: 200, body: '' });
    const options = await app.send({ method: 'OPTIONS', path: '/echo/x' });
    expect(options).toMatchObject({ status: 204, headers: { allow: 'POST, GET, HEAD' } });
  });

  it('405: any other method, naming those that are allowed', async () => {
    app = await HttpApp.listen([echo, read]);
    const answer = await app.send({ method: 'DELETE', path: '/echo/x' });
    expect(answer).toMatchObject({
      status: 405,
      headers: { allow: 'POST, GET, HEAD' },
      json: { type: '/problems/method-not-allowed' },
    });
  });

  it.each(['/', '/ECHO/x', '/echo/x/', '/echo'])('404: %s, which no route has', async (path) => {
    app = await HttpApp.listen([echo, read]);
    expect(await app.send({ path })).toMatchObject({ status: 404, json: { type: '/problems/route-not-found' } });
  });

  it('400: a path that is not percent-encoded UTF-8', async () => {
    app = await HttpApp.listen([read]);
    for (const path of ['/echo/%', '/echo/%ff', '/echo/%ed%a0%80']) {
      expect(await app.send({ path })).toMatchObject({ status: 400, json: { type: '/problems/invalid-request' } });
    }
  });

  it('keep the connection when nothing is there or allowed', async () => {
    app = await HttpApp.listen([read]);
    for (const method of ['GET', 'DELETE', 'HEAD']) await app.send({ method, path: '/nothing' });
    await app.send({ method: 'DELETE', path: '/echo/x' });
    await app.send({ path: '/echo/x' });
    expect(app.connections).toBe(1);
  });
});

describe('JSON bodies', () => {
  it.each([
    ['400: broken JSON', json, '{"text":', 400, 'invalid-request'],
    ['400: JSON that is no object', json, '"text"', 400, 'invalid-request'],
    ['400: a wrong type', json, '{"text":7}', 400, 'invalid-request'],
    ['400: no body', {}, '', 400, 'invalid-request'],
    ['415: another type', { 'content-type': 'text/plain' }, '{"text":"x"}', 415, 'unsupported-media-type'],
    ['415: no type', {}, '{"text":"x"}', 415, 'unsupported-media-type'],
    [
      '415: another charset',
      { 'content-type': 'application/json; charset=latin1' },
      '{"text":"x"}',
      415,
      'unsupported-media-type',
    ],
    ['415: a content coding', { ...json, 'content-encoding': 'gzip' }, '{"text":"x"}', 415, 'unsupported-media-type'],
  ] as const)('%s', async (...[, headers, body, status, code]) => {
    app = await HttpApp.listen([echo, read]);
    const answer = await app.send({ method: 'POST', path: '/echo/x', headers, body });
    expect(answer).toMatchObject({ status, json: { type: `/problems/${code}`, status } });
    await app.send({ path: '/echo/x' });
    expect(app.connections).toBe(1);
  });

  it('413: a body over the limit, before it was sent', async () => {
    app = await HttpApp.listen([echo]);
    const socket = await app.connect();
    socket.write(
      'POST /echo/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{',
    );
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(head.toString()).toMatch(/\r\nConnection: close\r\n/i);
    await once(socket, 'close');
  });

  it('413: a body of unknown length that turns out to be over the limit', async () => {
    app = await HttpApp.listen([echo]);
    const headers = { ...json, 'transfer-encoding': 'chunked' };
    const body = `{"text":"${'x'.repeat(3 * 1024 ** 2)}"}`;
    expect(await app.send({ method: 'POST', path: '/echo/x', headers, body })).toMatchObject({ status: 413 });
  });

  it('are asked for only when the request is not refused without them', async () => {
    app = await HttpApp.listen([echo]);
    const post = async (path: string): Promise<string> => {
      const socket = await app.connect();
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n`;
      socket.write(head);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return answer.toString().split('\r\n', 1)[0] ?? '';
    };
    expect(await post('/echo/x')).toBe('HTTP/1.1 100 Continue');
    expect(await post('/nothing')).toBe('HTTP/1.1 404 Not Found');
  });
});

describe('admission', () => {
  const whoami = (access: Route['access'], rateLimit?: 'none'): Route =>
    givenRoute({
      path: '/me',
      access,
      rateLimit: rateLimit ?? 'request',
      handle: async (_input, { res }) => void res.json({ id: currentPrincipal(res).credentialId }),
    });
  const asReader: Admission['authenticate'] = async () => givenPrincipal({ scopes: ['read'], credentialId: 'c' });

  it('lets a caller with the scope in', async () => {
    app = await HttpApp.listen([whoami('read')], { authenticate: asReader });
    expect(await app.send({ path: '/me' })).toMatchObject({ status: 200, json: { id: 'c' } });
  });

  it('401: nobody, also on a route without a limit, naming how to authenticate', async () => {
    app = await HttpApp.listen([whoami('read', 'none')]);
    expect(await app.send({ path: '/me' })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  });

  it('403: a credential without the scope', async () => {
    app = await HttpApp.listen([whoami('write')], { authenticate: asReader });
    expect(await app.send({ path: '/me' })).toMatchObject({
      status: 403,
      json: { type: '/problems/insufficient-scope' },
    });
  });

  it('429: a caller over its limit, before anything else is told', async () => {
    const limitRate: Admission['limitRate'] = async () => {
      throw new RateLimitedError(1_001);
    };
    app = await HttpApp.listen([whoami('read')], { limitRate });
    expect(await app.send({ path: '/me' })).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
  });

  it('counts guesses of credentials too', async () => {
    let taken = 0;
    const admission: Admission = {
      authenticate: async () => {
        throw new UnauthenticatedError();
      },
      limitRate: async () => {
        taken += 1;
        if (taken > 2) throw new RateLimitedError(1_000);
      },
    };
    app = await HttpApp.listen([whoami('anonymous')], admission);
    const statuses = [];
    for (let attempt = 0; attempt < 3; attempt += 1) statuses.push((await app.send({ path: '/me' })).status);
    expect(statuses).toEqual([401, 401, 429]);
  });

  it('asks a load balancer for nothing', async () => {
    const refuse = async (): Promise<never> => {
      throw new UnauthenticatedError();
    };
    app = await HttpApp.listen([read], { authenticate: refuse, limitRate: refuse });
    expect(await app.send({ path: '/echo/x', headers: { authorization: 'Bearer bad' } })).toMatchObject({
      status: 200,
    });
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpApp } from '../../test/http-app.ts';

const paths = [
  '/docs',
  '/docs/start.js',
  '/docs/swagger-ui.css',
  '/docs/swagger-ui-bundle.js',
  '/docs/favicon-32x32.png',
  '/openapi.json',
  '/problems/unavailable',
];

describe('the document and its page', () => {
  let app: HttpApp;
  afterEach(() => app[Symbol.asyncDispose]());

  it('come over one connection, whatever part of them is asked for', async () => {
    app = await HttpApp.listen([]);
    for (const path of paths) {
      const whole = await app.send({ path });
      expect([path, whole.status, whole.body === '']).toEqual([path, 200, false]);
      const behindTheEnd = await app.send({ path, headers: { range: 'bytes=99999999-' } });
      expect([path, behindTheEnd.status, behindTheEnd.body === whole.body]).toEqual([path, 200, true]);
    }
    expect(app.connections).toBe(1);
    expect(app.logs.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });

  it('412: a file of the page that is not the one asked for', async () => {
    app = await HttpApp.listen([]);
    const answer = await app.send({ path: '/docs/swagger-ui.css', headers: { 'if-match': '"other"' } });
    expect(answer).toMatchObject({ status: 412, json: { type: '/problems/precondition-failed' } });
  });

  it('404: a problem or a file that is none', async () => {
    app = await HttpApp.listen([]);
    for (const path of [
      '/problems/none',
      '/problems/toString',
      '/docs/',
      '/docs/index.html',
      '/docs/..%2fpackage.json',
    ])
      expect([path, (await app.send({ path })).status]).toEqual([path, 404]);
  });

  it('405: any method but GET and HEAD', async () => {
    app = await HttpApp.listen([]);
    for (const path of paths) {
      const answer = await app.send({ method: 'DELETE', path });
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
  });
});

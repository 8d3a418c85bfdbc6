import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BlobStoreUnavailableError } from '@stowage/storage';
import { MemoryBlobStore } from '@stowage/storage/testing';
import { givenRoute, HttpApp, type Answered } from '../../test/http-app.ts';
import { SendObject, type SendObjectOptions } from './send-object.ts';
import type { StoredObject } from './stored-object.ts';

const versionId = '018f0000-0000-7000-8000-000000000001';
const digits = '0123456789';

describe('SendObject', () => {
  let app: HttpApp;
  let blobs: MemoryBlobStore;
  beforeEach(() => {
    blobs = new MemoryBlobStore();
  });
  afterEach(() => app[Symbol.asyncDispose]());

  async function givenObject(content: string, fields: Partial<StoredObject> = {}): Promise<StoredObject> {
    await blobs.put('blob', Readable.from([Buffer.from(content)]));
    const sha256 = createHash('sha256').update(content).digest('hex');
    return {
      ...{ bucketId: 'b', key: 'a/digits.txt', versionId, blobId: 'blob', sizeBytes: content.length, sha256 },
      ...{ contentType: 'text/plain', metadata: {}, modifiedAt: new Date('1994-11-06T08:49:37.900Z') },
      ...fields,
    };
  }

  async function serve(object: StoredObject, options: Partial<SendObjectOptions> = {}): Promise<void> {
    const sendObject = new SendObject({ blobs, ...options });
    const handle = async (_input: unknown, exchange: Parameters<SendObject['send']>[1]): Promise<void> =>
      sendObject.send(object, exchange, 'private');
    app = await HttpApp.listen([givenRoute({ path: '/object', handle })]);
  }

  const get = (headers: Record<string, string> = {}, method = 'GET'): Promise<Answered> =>
    app.send({ path: '/object', method, headers });
  const failures = (): readonly unknown[] =>
    app.logs.lines.filter(({ level }) => level === 'error' || level === 'warn');

  it('cuts off a client that takes nothing more', async () => {
    const sizeBytes = 50_000_000;
    await serve(await givenObject('x'.repeat(sizeBytes)), { stallMs: 200 });
    const socket = await app.connect();
    socket.write('GET /object HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'readable');
    while (app.logs.withMessage('request').length === 0) await setTimeout(10);
    expect(app.logs.withMessage('request')).toEqual([expect.objectContaining({ status: 499 })]);
    expect(failures()).toEqual([]);
  });

  it.each([0, 1, 65_536, 65_537, 1_000_000])(
    '200: %i bytes whole, with their length, and HEAD the same without them',
    async (sizeBytes) => {
      const content = 'x'.repeat(sizeBytes);
      await serve(await givenObject(content));
      const whole = await get();
      expect({ ...whole, body: whole.body === content }).toMatchObject({
        status: 200,
        body: true,
        headers: {
          'content-length': String(sizeBytes),
          etag: `"${versionId}"`,
          'accept-ranges': 'bytes',
          'content-type': 'text/plain',
        },
      });
      const head = await get({}, 'HEAD');
      expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': String(sizeBytes) } });
      expect(head.headers['repr-digest']).toBe(whole.headers['repr-digest']);
    },
  );

  it.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-99', digits, 'bytes 0-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('206: %s', async (range, body, contentRange) => {
    await serve(await givenObject(digits));
    expect(await get({ range })).toMatchObject({
      status: 206,
      body,
      headers: { 'content-range': contentRange, 'content-length': String(body.length) },
    });
  });

  it('206: several ranges as parts, each with its place', async () => {
    await serve(await givenObject(digits));
    const { status, headers, body } = await get({ range: 'bytes=8-,0-1,3-4' });
    const boundary = /^multipart\/byteranges; boundary=(\S+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
    expect(status).toBe(206);
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(headers['content-range']).toBeUndefined();
    const parts = body.split(`\r\n--${boundary}`);
    expect(parts).toEqual([
      '',
      '\r\nContent-Type: text/plain\r\nContent-Range: bytes 8-9/10\r\n\r\n89',
      '\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n01',
      '\r\nContent-Type: text/plain\r\nContent-Range: bytes 3-4/10\r\n\r\n34',
      '--\r\n',
    ]);
  });

  it.each([
    ['malformed', { range: 'bytes=x' }],
    ['of another version', { range: 'bytes=0-1', 'if-range': '"other"' }],
  ])('200: the whole for a range that is %s', async (_title, headers) => {
    await serve(await givenObject(digits));
    expect(await get(headers)).toMatchObject({ status: 200, body: digits });
  });

  it('416: a range outside, with the size', async () => {
    await serve(await givenObject(digits));
    const answer = await get({ range: 'bytes=10-' });
    expect(answer).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } });
    expect(answer.headers.etag).toBeUndefined();
  });

  it.each([
    [304, { 'if-none-match': `"${versionId}"` }],
    [304, { 'if-modified-since': 'Sun, 06 Nov 1994 08:49:37 GMT' }],
    [412, { 'if-match': '"other"' }],
    [412, { 'if-unmodified-since': 'Sun, 06 Nov 1994 08:49:36 GMT' }],
    [400, { 'if-match': 'nonsense' }],
  ])('%i: %j, and the store is not asked', async (status, headers) => {
    const object = await givenObject(digits);
    blobs.get = (): never => {
      throw new Error('asked');
    };
    await serve(object);
    const answer = await get({ ...headers, range: 'bytes=0-1' });
    expect(answer.status).toBe(status);
    if (status === 304) expect(answer).toMatchObject({ body: '', headers: { etag: `"${versionId}"` } });
  });

  describe('redirects', () => {
    const presignGet = async (key: string): Promise<string> => `https://store.example.com/${key}?signature=x`;

    it('307: a large object to the store, never to be kept by caches', async () => {
      const object = await givenObject(digits);
      await serve(object, { redirectFromBytes: 10, blobs: Object.assign(blobs, { presignGet }) });
      expect(await get()).toMatchObject({
        status: 307,
        headers: { location: 'https://store.example.com/blob?signature=x', 'cache-control': 'no-store' },
      });
      expect(await get({}, 'HEAD')).toMatchObject({ status: 200 });
      expect(await get({ 'if-none-match': '*' })).toMatchObject({ status: 304 });
    });

    it('200: a smaller object, or one of a store without URLs', async () => {
      await serve(await givenObject(digits), { redirectFromBytes: 5 });
      expect(await get()).toMatchObject({ status: 200, body: digits });
    });
  });

  describe('when the store fails', () => {
    it.each([10, 100_000])('503: before the first of %i bytes, with no headers of the object', async (sizeBytes) => {
      const object = await givenObject('x'.repeat(sizeBytes));
      blobs.get = async () => {
        throw new BlobStoreUnavailableError('no answer');
      };
      await serve(object);
      for (const headers of [{}, { range: 'bytes=0-5' }]) {
        const answer = await get(headers);
        expect(answer).toMatchObject({ status: 503, json: { type: '/problems/unavailable' } });
        expect(answer.headers.etag).toBeUndefined();
        expect(answer.headers['content-range']).toBeUndefined();
      }
    });

    it('the connection is cut when the content ends too early: nobody may take it for the whole', async () => {
      await serve(await givenObject('x'.repeat(100_000), { sizeBytes: 150_000 }));
      await expect(get()).rejects.toThrow();
      expect(failures()).toHaveLength(1);
    });

    it('500: a small blob that is not as long as recorded', async () => {
      await serve(await givenObject('short', { sizeBytes: 10 }));
      expect(await get()).toMatchObject({ status: 500 });
      expect(failures()).toHaveLength(1);
    });
  });

  it('lets go of the store when the client leaves, and calls it no failure', async () => {
    const content = new Readable({ read: (): void => undefined });
    const object = await givenObject(digits, { sizeBytes: 10_000_000 });
    blobs.get = async () => content;
    await serve(object);
    const socket = await app.connect();
    socket.write('GET /object HTTP/1.1\r\nHost: x\r\n\r\n');
    content.push(Buffer.alloc(1_000));
    await once(socket, 'data');
    socket.destroy();
    await once(content, 'close');
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures()).toEqual([]);
  });
});

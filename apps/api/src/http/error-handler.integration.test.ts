import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError, LockTimeoutError, StatementTimeoutError } from '@stowage/db';
import { BlobStoreUnavailableError } from '@stowage/storage';
import { givenRoute, HttpApp } from '../../test/http-app.ts';
import { BucketNotFoundError } from '../buckets/bucket-errors.ts';
import { DomainError } from '../errors/domain-error.ts';
import { ObjectTooLargeError, RangeNotSatisfiableError } from '../objects/object-errors.ts';
import { bodyStream } from './body-stream.ts';
import { InvalidRequestError } from './invalid-request-error.ts';
import { UploadTooSlowError } from './http-errors.ts';
import type { Route } from './route.ts';

let app: HttpApp;
afterEach(() => app[Symbol.asyncDispose]());

const failing = (thrown: unknown): Route =>
  givenRoute({
    path: '/fail',
    handle: async (_input, { res }) => {
      res.setHeader('ETag', '"x"').setHeader('Content-Length', 99).setHeader('Stowage-Meta-Secret', 'x').status(206);
      throw thrown;
    },
  });

/** Refuses the body after its first chunk. */
const upload = (thrown: Error): Route =>
  givenRoute({
    method: 'put',
    path: '/upload',
    request: { body: 'bytes' },
    handle: async (_input, { req }) => {
      const body = bodyStream(req);
      await body.next();
      await body.return();
      throw thrown;
    },
  });

describe('problems', () => {
  it('name what is wrong, and only headers that are true of them', async () => {
    app = await HttpApp.listen([failing(new BucketNotFoundError())]);
    const { status, headers, json } = await app.send({
      path: '/fail',
      headers: { 'x-request-id': 'abcdefgh12345678' },
    });
    expect(status).toBe(404);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    for (const name of ['etag', 'stowage-meta-secret', 'retry-after']) expect(headers[name]).toBeUndefined();
    expect(json).toEqual({
      type: '/problems/bucket-not-found',
      title: 'No such bucket',
      status: 404,
      detail: new BucketNotFoundError().message,
      instance: `/requests/${String(headers['x-request-id'])}`,
    });
  });

  it('list the faults of a malformed request', async () => {
    const faults = [
      { pointer: '/a', detail: 'One.' },
      { header: 'if-match', detail: 'Two.' },
    ];
    app = await HttpApp.listen([failing(new InvalidRequestError(faults))]);
    expect(await app.send({ path: '/fail' })).toMatchObject({
      status: 400,
      json: { detail: 'One. Two.', errors: faults },
    });
  });

  it('416: tell the size', async () => {
    app = await HttpApp.listen([failing(new RangeNotSatisfiableError(10))]);
    expect(await app.send({ path: '/fail' })).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */10' },
    });
  });

  it('answer HEAD without a body', async () => {
    app = await HttpApp.listen([failing(new BucketNotFoundError())]);
    expect(await app.send({ method: 'HEAD', path: '/fail' })).toMatchObject({ status: 404, body: '' });
  });

  it.each([
    new DatabaseUnavailableError('connect-failed'),
    new StatementTimeoutError('too long'),
    new LockTimeoutError('too many writers'),
    new BlobStoreUnavailableError('no answer at 10.0.0.7'),
  ])('503: $name asks to come again, says no more, and warns in the log', async (thrown) => {
    app = await HttpApp.listen([failing(thrown)]);
    const { status, headers, body } = await app.send({ path: '/fail' });
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 503, retryAfter: '1' });
    expect(body).not.toContain(thrown.message);
    expect(app.logs.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(app.logs.lines.filter(({ level }) => level === 'error')).toHaveLength(0);
  });

  it.each([
    ['an error nobody expected', new TypeError('secret detail')],
    ['what is no error', 'secret detail'],
    ['an error whose code nobody knows', new DomainError('never-heard-of', 'secret detail')],
  ])('500: %s is told to the log alone', async (_title, thrown) => {
    app = await HttpApp.listen([failing(thrown)]);
    const { status, body, headers } = await app.send({ path: '/fail' });
    expect(status).toBe(500);
    expect(body).not.toContain('secret');
    const requestId = headers['x-request-id'];
    expect(app.logs.lines.filter(({ level }) => level === 'error')).toEqual([expect.objectContaining({ requestId })]);
  });
});

describe('an answer that has begun', () => {
  it('is cut when it fails, so that nobody takes it for the whole', async () => {
    const route = givenRoute({
      path: '/half',
      handle: async (_input, { res }) => {
        res.write('half');
        throw new Error('the disk broke');
      },
    });
    app = await HttpApp.listen([route]);
    await expect(app.send({ path: '/half' })).rejects.toThrow();
    expect(app.logs.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});

describe('a refused body', () => {
  it.each([100, 200_000, 1024 ** 2])(
    'of %i bytes leaves the connection fit for the next request',
    async (sizeBytes) => {
      app = await HttpApp.listen([upload(new ObjectTooLargeError(1))]);
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const answer = await app.send({ method: 'PUT', path: '/upload', body: Buffer.alloc(sizeBytes) });
        expect(answer.status).toBe(413);
      }
      expect(app.connections).toBe(1);
    },
  );

  it.each([
    { title: 'of 8 MiB', thrown: new ObjectTooLargeError(1), announced: 8 * 1024 ** 2, status: 413 },
    { title: 'that came too slowly', thrown: new UploadTooSlowError(1, 1), announced: 10, status: 408 },
  ])('$title is not waited for', async ({ thrown, announced, status }) => {
    app = await HttpApp.listen([upload(thrown)]);
    const socket = await app.connect();
    socket.write(`PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: ${announced}\r\n\r\nx`);
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head.toString()).toMatch(/\r\nConnection: close\r\n/i);
    await once(socket, 'close');
  });
});

describe('a client that leaves', () => {
  it('is no failure', async () => {
    const { promise: began, resolve: begin } = Promise.withResolvers<undefined>();
    const { promise: ended, resolve: end } = Promise.withResolvers<unknown>();
    const route = givenRoute({
      method: 'put',
      path: '/upload',
      request: { body: 'bytes' },
      handle: async (_input, { req }) => {
        try {
          const body = bodyStream(req);
          while ((await body.next()).done !== true) begin(undefined);
        } catch (error) {
          end(error);
          throw error;
        }
      },
    });
    app = await HttpApp.listen([route]);
    const socket = await app.connect();
    socket.write('PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx');
    await began;
    socket.destroy();
    expect(await ended).toMatchObject({ code: 'ECONNRESET' });
    while (app.logs.withMessage('request').length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(app.logs.withMessage('request')).toEqual([expect.objectContaining({ status: 499 })]);
    expect(app.logs.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });
});

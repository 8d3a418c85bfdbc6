import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PassThrough } from 'node:stream';
import type { Request } from 'express';
import { bodyStream } from './body-stream.ts';
import { UploadTooSlowError } from './http-errors.ts';

const kib = (count: number): Buffer => Buffer.alloc(count * 1024, 'x');

describe('bodyStream', () => {
  let sent: PassThrough;
  let body: AsyncGenerator<Uint8Array, void, undefined>;
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    sent = new PassThrough({ highWaterMark: 1024 ** 2 });
    body = bodyStream(sent as unknown as Request);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Asks for a chunk, lets the client wait, then sends. */
  async function nextAfter(seconds: number, bytes: Buffer): Promise<number> {
    const next = body.next();
    await jest.advanceTimersByTimeAsync(seconds * 1000);
    sent.write(bytes);
    const { value } = await next;
    return value?.length ?? 0;
  }

  it('passes the body on to its end, and leaves no timer', async () => {
    sent.write('one');
    expect(Buffer.from((await body.next()).value ?? []).toString()).toBe('one');
    sent.end('two');
    expect(Buffer.from((await body.next()).value ?? []).toString()).toBe('two');
    expect(await body.next()).toEqual({ done: true, value: undefined });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets a slow upload live that brings 32 KiB in less than 30 seconds', async () => {
    for (let round = 0; round < 20; round += 1) expect(await nextAfter(29, kib(32))).toBe(32 * 1024);
  });

  it('refuses a body of which nothing comes for 30 seconds, and leaves no timer', async () => {
    const next = body.next();
    const refused = expect(next).rejects.toBeInstanceOf(UploadTooSlowError);
    await jest.advanceTimersByTimeAsync(30_000);
    await refused;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('refuses a body that drips, however regularly', async () => {
    for (let second = 0; second < 29; second += 1) await nextAfter(1, kib(1));
    const refused = expect(body.next()).rejects.toBeInstanceOf(UploadTooSlowError);
    await jest.advanceTimersByTimeAsync(1_000);
    await refused;
  });

  it('does not count the time the store takes', async () => {
    for (let round = 0; round < 5; round += 1) {
      await nextAfter(1, kib(1));
      await jest.advanceTimersByTimeAsync(60_000);
    }
    sent.end();
    expect((await body.next()).done).toBe(true);
  });

  it('passes on the error of a connection that breaks, and leaves no timer', async () => {
    const broken = expect(body.next()).rejects.toThrow('cut');
    sent.destroy(new Error('cut'));
    await broken;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves the connection open and the rest readable when it is ended early', async () => {
    sent.write('refused');
    await body.next();
    await body.return();
    expect(sent.destroyed).toBe(false);
    const ended = new Promise((resolve) => sent.once('end', resolve));
    sent.end(kib(100));
    await new Promise((resolve) => setImmediate(resolve));
    sent.resume();
    await ended;
    expect(jest.getTimerCount()).toBe(0);
  });
});

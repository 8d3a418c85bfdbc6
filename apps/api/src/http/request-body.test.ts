import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Request, Response } from 'express';
import { hasBody, limitUnreadBody } from './request-body.ts';

describe('hasBody', () => {
  it.each([
    [{}, false],
    [{ 'content-length': '0' }, false],
    [{ 'content-length': '1' }, true],
    [{ 'transfer-encoding': 'chunked' }, true],
  ])('%j: %s', (headers, expected) => {
    expect(hasBody({ headers } as unknown as Request)).toBe(expected);
  });
});

describe('limitUnreadBody', () => {
  const destroy = jest.fn();
  let req: EventEmitter & { complete: boolean };
  let res: EventEmitter;
  beforeEach(() => {
    jest.useFakeTimers();
    destroy.mockClear();
    const headers = { 'content-length': '10' };
    req = Object.assign(new EventEmitter(), { complete: false, headers, socket: { destroy } });
    res = new EventEmitter();
    const next = jest.fn();
    limitUnreadBody(req as unknown as Request, res as unknown as Response, next);
    expect(next).toHaveBeenCalledWith();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('ends a connection whose body is still coming 30 s after the answer', () => {
    jest.advanceTimersByTime(3_600_000);
    expect(destroy).not.toHaveBeenCalled();
    res.emit('finish');
    jest.advanceTimersByTime(29_999);
    expect(destroy).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(destroy).toHaveBeenCalledTimes(1);
  });

  it('leaves one alone whose body came, before the answer or after it', () => {
    res.emit('finish');
    req.emit('close');
    expect(jest.getTimerCount()).toBe(0);
    req.complete = true;
    res.emit('finish');
    expect(jest.getTimerCount()).toBe(0);
  });
});

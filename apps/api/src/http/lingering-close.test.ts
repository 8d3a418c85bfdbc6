import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { closeLingering } from './lingering-close.ts';

describe('closeLingering', () => {
  let socket: Duplex;
  let sent = '';
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    sent = '';
    socket = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        sent += chunk.toString();
        done();
      },
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('sends what was written, drops what comes, and closes when the client has ended', async () => {
    const parsed = jest.fn();
    socket.on('data', parsed);
    socket.write('answer');
    closeLingering(socket);
    socket.push('rest of the body');
    await jest.advanceTimersByTimeAsync(29_000);
    expect([sent, socket.writableFinished, socket.destroyed]).toEqual(['answer', true, false]);
    socket.push(null);
    await jest.advanceTimersByTimeAsync(0);
    expect([socket.destroyed, jest.getTimerCount()]).toEqual([true, 0]);
    expect(parsed).not.toHaveBeenCalled();
  });

  it('waits 30 s at most', async () => {
    closeLingering(socket);
    for (let second = 0; second < 30; second += 1) {
      expect(socket.destroyed).toBe(false);
      socket.push('more');
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect([socket.destroyed, jest.getTimerCount()]).toEqual([true, 0]);
  });
});

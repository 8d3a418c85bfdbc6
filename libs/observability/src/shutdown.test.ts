import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { onShutdownSignal } from './shutdown.ts';

describe('onShutdownSignal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('resolves with %s', async (signal) => {
    const source = new EventEmitter();
    const first = onShutdownSignal({ source });
    source.emit(signal, signal);
    expect(await first).toBe(signal);
  });

  it('tells of a second signal, but not of an echo of the first', async () => {
    const source = new EventEmitter();
    const repeats: string[] = [];
    let clock = 0;
    const first = onShutdownSignal({ source, now: () => clock, onRepeat: (signal) => repeats.push(signal) });
    source.emit('SIGINT', 'SIGINT');
    clock = 999;
    source.emit('SIGTERM', 'SIGTERM');
    expect(repeats).toEqual([]);
    clock = 1_000;
    source.emit('SIGTERM', 'SIGTERM');
    expect(repeats).toEqual(['SIGTERM']);
    expect(await first).toBe('SIGINT');
  });
});

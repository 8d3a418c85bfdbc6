import { describe, expect, it } from '@jest/globals';
import { formatDuration, renderProgress, TerminalProgress } from './terminal-progress.ts';

describe('renderProgress', () => {
  it('shows how far it is, how fast, and how long it will take', () => {
    const state = { done: 1000, total: 4000, itemsPerSecond: 1234.4, secondsLeft: 2.43 };
    expect(renderProgress(state, 80)).toBe('[######------------------]  25 %  1,000 of 4,000  1,234/s  0:03 left');
  });

  it('has a smaller bar, or none, where there is little room', () => {
    const state = { done: 1000, total: 4000, itemsPerSecond: 1234.4, secondsLeft: 2.43 };
    expect(renderProgress(state, 52)).toBe('[##------]  25 %  1,000 of 4,000  1,234/s  0:03 left');
    expect(renderProgress(state, 46)).toBe('25 %  1,000 of 4,000  1,234/s  0:03 left');
  });

  it('shows what it knows while there is no end in sight', () => {
    const state = { done: 1000, total: undefined, itemsPerSecond: 10, secondsLeft: undefined };
    expect(renderProgress(state, 80)).toBe('1,000  10/s');
  });

  it('is full when there is nothing to do, and when there was more than expected', () => {
    const full = `[${'#'.repeat(24)}] 100 %`;
    expect(renderProgress({ done: 0, total: 0, itemsPerSecond: 0, secondsLeft: undefined }, 80)).toContain(full);
    expect(renderProgress({ done: 9, total: 8, itemsPerSecond: 1, secondsLeft: 0 }, 80)).toContain(full);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0:00'],
    [6.2, '0:07'],
    [754, '12:34'],
    [3723, '1:02:03'],
  ])('%s s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('TerminalProgress', () => {
  function givenBar(columns: number): { bar: TerminalProgress; written: string[] } {
    const written: string[] = [];
    const terminal = { columns: () => columns, write: (text: string) => written.push(text) };
    return { bar: new TerminalProgress({ title: 'job 0/1', terminal, now: () => 0 }), written };
  }

  it('draws over its own line, and no wider than the terminal', () => {
    const { bar, written } = givenBar(20);
    bar.expect(10);
    bar.draw();
    bar[Symbol.dispose]();
    expect(written).toEqual(['\r\x1b[Kjob 0/1 0 %  0 of 1', '\r\x1b[K']);
  });

  it('lets a line stay above it', () => {
    const { bar, written } = givenBar(80);
    bar.print('{"message":"careful"}\n');
    bar[Symbol.dispose]();
    bar.print('the end\n');
    expect(written.join('')).toBe('\r\x1b[K{"message":"careful"}\n\r\x1b[Kjob 0/1 0  0/s\r\x1b[Kthe end\n');
  });
});

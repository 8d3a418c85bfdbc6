import { describe, expect, it } from '@jest/globals';
import { readOptions } from './bench-options.ts';

const loads = ['download', 'list'];

describe('readOptions', () => {
  it('runs all loads on a million keys without arguments, and judges nothing', () => {
    expect(readOptions([], loads)).toMatchObject({ only: [], manyKeys: 1_000_000, check: false });
  });

  it('takes flags as Nx writes them', () => {
    expect(readOptions(['--only=download,list', '--quick=true', '--check=true'], loads)).toMatchObject({
      only: ['download', 'list'],
      manyKeys: 100_000,
      check: true,
    });
  });

  it.each([[['--only', 'uploads']], [['--fast']], [['--quick', '--full']]])('refuses %j', (args) => {
    expect(() => readOptions(args, loads)).toThrow();
  });
});

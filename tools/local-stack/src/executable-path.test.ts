import { expect, it } from '@jest/globals';
import { basename, dirname } from 'node:path';
import { findOnPath } from './executable-path.ts';

it('finds a program in the first directory that has it, and nothing where it is not', () => {
  const directory = dirname(process.execPath);
  expect(findOnPath(basename(process.execPath), `/nowhere::${directory}`)).toBe(process.execPath);
  expect(findOnPath('no-such-program', directory)).toBeUndefined();
  expect(findOnPath(basename(directory), dirname(directory))).toBeUndefined(); // a directory is no program
});

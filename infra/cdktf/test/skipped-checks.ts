import { expect } from '@jest/globals';
import { describeMissing, findTools } from '../src/verification/find-tools.ts';

/** Past Jest, which prints the place of every line of the console. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Says what was not checked, and how it could be. */
export function skipped(what: string, needed: Parameters<typeof describeMissing>[1]): void {
  const missing = describeMissing(findTools(process.env), needed);
  say(`${what} SKIPPED. It needs:\n${missing.map((remedy) => `  ${remedy}`).join('\n')}`);
  expect(missing).not.toEqual([]);
}

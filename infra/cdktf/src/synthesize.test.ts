import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { givenDev, today } from '../test/given-environment.ts';
import { environmentNamed, parseEnvironment } from './environments/read-environment.ts';
import { synthesize } from './synthesize.ts';

let outDirectory: string;

beforeEach(() => {
  outDirectory = mkdtempSync(join(tmpdir(), 'stowage-cdktf-'));
});
afterEach(() => rmSync(outDirectory, { recursive: true }));

it('refuses a budget that is certain to be exceeded', () => {
  const poor = parseEnvironment(givenDev({ operations: { monthlyBudgetUsd: 100 } }));
  expect(() => synthesize(poor, { outDirectory, today })).toThrow(/monthlyBudgetUsd: 100 USD is less than the \d+ USD/);
});

it('refuses what is nearly out of support', () => {
  const late = new Date('2027-02-15T00:00:00Z');
  expect(() => synthesize(environmentNamed('dev'), { outDirectory, today: late })).toThrow(/Kubernetes 1\.35 ends/);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { givenDev, today } from '../test/given-environment.ts';
import { environmentNamed, parseEnvironment } from './environments/read-environment.ts';
import { readSynthesized } from './policy/read-synthesized.ts';
import { synthesize, synthesizeUnprotected } from './synthesize.ts';

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

it('protects nothing but the bootstrap in an environment that is to be taken down', () => {
  const protectedIn = () =>
    readSynthesized(outDirectory)
      .resources.filter(({ attributes }) =>
        /"(?:prevent_destroy|deletion_protection|enable_deletion_protection)":true/.test(JSON.stringify(attributes)),
      )
      .map(({ stack }) => stack);
  synthesize(environmentNamed('production'), { outDirectory, today });
  expect(new Set(protectedIn())).toEqual(new Set(['bootstrap', 'account', 'data', 'edge', 'cluster']));
  synthesizeUnprotected(environmentNamed('production'), { outDirectory });
  expect(new Set(protectedIn())).toEqual(new Set(['bootstrap']));
});

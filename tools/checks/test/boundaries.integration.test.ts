import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { givenWorkspaceCopy, type WorkspaceCopy } from '../src/testing/index.ts';
import type { PlantedFile } from './planted-file.ts';
import { plantedViolations } from './planted-violations.ts';

interface LintedFile {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

let workspace: WorkspaceCopy;
let rulesBroken: ReadonlyMap<string, readonly (string | null)[]>;

beforeAll(async () => {
  workspace = await givenWorkspaceCopy();
  // The rule for boundaries reads the graph that Nx leaves behind. It is made of what is true: planted imports make circles.
  expect(await workspace.run(['nx', 'show', 'projects'])).toMatchObject({ exitCode: 0 });
  const files = plantedViolations.flatMap(({ fault, twin }) => [fault, twin]);
  for (const { path, text } of files) await workspace.write(path, text);
  rulesBroken = await lint(files);
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
});

async function lint(files: readonly PlantedFile[]): Promise<ReadonlyMap<string, readonly (string | null)[]>> {
  const { printed, complaints } = await workspace.run(['eslint', '--format', 'json', ...files.map(({ path }) => path)]);
  expect(complaints).toBe('');
  const root = realpathSync(workspace.root);
  const linted = JSON.parse(printed) as readonly LintedFile[];
  return new Map(
    linted.map(({ filePath, messages }) => [relative(root, filePath), messages.map(({ ruleId }) => ruleId)]),
  );
}

describe('eslint.config.mjs', () => {
  it.each(plantedViolations)('refuses $what', ({ rule, fault }) => {
    expect(rulesBroken.get(fault.path)).toContain(rule);
  });

  it.each(plantedViolations)('allows the twin of $what', ({ rule, twin }) => {
    const broken = rulesBroken.get(twin.path);
    expect(broken).toBeDefined();
    expect(broken).not.toContain(rule);
    expect(broken).not.toContain(null); // null stands for a file that was not linted
  });
});

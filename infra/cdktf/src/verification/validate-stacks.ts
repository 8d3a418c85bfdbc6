import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksAt } from '../policy/attributes.ts';
import type { SynthesizedStack } from '../policy/resource-graph.ts';
import type { ProviderMirror } from './find-tools.ts';
import { offlineCopy } from './offline-copy.ts';
import { terraformRunner, type RunTerraform } from './run-terraform.ts';

/** What Terraform says of a stack. */
export interface Validation {
  readonly name: string;
  /** One line each, with the address; none when the stack is valid. */
  readonly faults: readonly string[];
  /** Attributes that the provider at hand is too old for. */
  readonly leftOut: number;
}

export interface ValidateOptions {
  readonly terraform: string;
  readonly mirror: ProviderMirror;
  readonly path: string | undefined;
  /** How many run at once; each takes a core and 500 MB. @default 2 */
  readonly parallel?: number;
}

const lockFile = '.terraform.lock.hcl';

/** Validates stacks with the schema of the real provider, in a directory that is thrown away. */
export async function validateStacks(
  stacks: readonly SynthesizedStack[],
  { terraform, mirror, path, parallel = 2 }: ValidateOptions,
): Promise<readonly Validation[]> {
  const directory = mkdtempSync(join(tmpdir(), 'stowage-validate-'));
  try {
    const run = terraformRunner(terraform, { PATH: path, TF_DATA_DIR: join(directory, 'data') });
    const copies = stacks.map((stack) => ({ name: stack.name, ...offlineCopy(stack.terraform, mirror.awsVersion) }));
    for (const { name, terraform: copy } of copies) {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, 'cdk.tf.json'), JSON.stringify(copy, undefined, 2));
    }
    // All stacks use the same providers, so one initialisation is enough for all.
    const [first, ...others] = copies.map(({ name }) => join(directory, name));
    if (first === undefined) return [];
    await initialise(run, first, mirror);
    for (const other of others) copyFileSync(join(first, lockFile), join(other, lockFile));
    const faults = await inTurns(copies, parallel, ({ name }) => faultsOf(run, join(directory, name)));
    return copies.map(({ name, leftOut }, index) => ({ name, leftOut, faults: faults[index] ?? [] }));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function initialise(run: RunTerraform, directory: string, mirror: ProviderMirror): Promise<void> {
  const { exitCode, stderr } = await run(directory, [
    ...['init', '-backend=false', '-no-color', `-plugin-dir=${mirror.directory}`],
  ]);
  if (exitCode !== 0) throw new Error(`terraform init with the plugins of ${mirror.directory} failed:\n${stderr}`);
}

async function faultsOf(run: RunTerraform, directory: string): Promise<readonly string[]> {
  const { stdout, stderr } = await run(directory, ['validate', '-json']);
  if (!stdout.startsWith('{')) return [stderr];
  const verdict: unknown = JSON.parse(stdout);
  return blocksAt(verdict, 'diagnostics')
    .filter(({ severity }) => severity === 'error')
    .map(({ address, summary, detail }) =>
      [address, summary, detail].filter((text) => typeof text === 'string').join(': '),
    );
}

/** Does the same to all items, so many at once. Resolves in the order of the items. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Array<Result>(items.length);
  const queue = [...items.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SynthesizedStack } from '../policy/resource-graph.ts';
import type { ProviderMirror } from './find-tools.ts';
import { rehearsalCopy } from './rehearsal-copy.ts';
import { terraformRunner, type RunTerraform } from './run-terraform.ts';

export interface RehearsalOptions {
  readonly terraform: string;
  readonly mirror: ProviderMirror;
  readonly path: string | undefined;
  /** Address of the emulator. */
  readonly url: string;
  /** An empty directory for copies and states. */
  readonly directory: string;
  readonly say: (line: string) => void;
}

export interface Rehearsal {
  /** Resources that were applied. */
  readonly applied: number;
  /** Addresses of resources that the emulator does not know, with their stack. */
  readonly leftOut: readonly string[];
  /** Stacks whose second plan was not empty, with what it would change. */
  readonly restless: readonly string[];
}

interface PreparedStack {
  readonly name: string;
  /** Names of the stacks it comes after. */
  readonly dependencies: readonly string[];
  readonly directory: string;
  readonly leftOut: readonly string[];
}

/**
 * Applies stacks to the emulator, each after those it depends on, plans each again, and takes them down in reverse.
 * @throws Error with what Terraform said when it cannot apply, plan or destroy
 */
export async function rehearseStacks(
  stacks: readonly SynthesizedStack[],
  options: RehearsalOptions,
): Promise<Rehearsal> {
  const { terraform, path, url, say } = options;
  const run = terraformRunner(terraform, { PATH: path, AWS_ENDPOINT_URL: url, AWS_EC2_METADATA_DISABLED: 'true' });
  const prepared = stacks.map((stack) => prepare(stack, options));
  const applied: number[] = [];
  await eachAfter(
    prepared,
    ({ dependencies }) => dependencies,
    async (stack) => {
      await succeed(run, stack, ['init', '-no-color', `-plugin-dir=${options.mirror.directory}`]);
      const said = await succeed(run, stack, ['apply', '-auto-approve', '-no-color', '-parallelism=20']);
      const count = Number(/Resources: (\d+) added/.exec(said)?.[1] ?? 0);
      applied.push(count);
      say(`${stack.name}: ${count} resources applied, ${stack.leftOut.length} left out as they are not emulated`);
    },
  );
  const restless = (await Promise.all(prepared.map((stack) => changesOf(run, stack)))).flat();
  say(
    restless.length === 0
      ? 'The second plan of each stack is empty.'
      : `NOT empty is the second plan of ${restless.join('\n')}`,
  );
  await eachAfter(
    prepared,
    ({ name }) => usersOf(name, prepared),
    async (stack) => {
      await succeed(run, stack, ['destroy', '-auto-approve', '-no-color', '-parallelism=20']);
    },
  );
  say('All stacks were taken down again.');
  const leftOut = prepared.flatMap((stack) => stack.leftOut.map((address) => `${stack.name}: ${address}`));
  return { applied: applied.reduce((sum, count) => sum + count, 0), leftOut, restless };
}

/** Does something with each stack once it is done with those before it; what does not depend on each other goes on side by side. */
async function eachAfter(
  stacks: readonly PreparedStack[],
  before: (stack: PreparedStack) => readonly string[],
  act: (stack: PreparedStack) => Promise<void>,
): Promise<void> {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const started = new Map<string, Promise<void>>();
  const start = (stack: PreparedStack): Promise<void> => {
    const known = started.get(stack.name);
    if (known !== undefined) return known;
    const earlier = before(stack).flatMap((name) => byName.get(name) ?? []);
    const promise = Promise.all(earlier.map(start)).then(() => act(stack));
    started.set(stack.name, promise);
    return promise;
  };
  // Nothing may still run when this ends, whatever failed.
  const ends = await Promise.allSettled(stacks.map(start));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function usersOf(name: string, stacks: readonly PreparedStack[]): readonly string[] {
  return stacks.filter(({ dependencies }) => dependencies.includes(name)).map((stack) => stack.name);
}

/** Writes the copy of a stack that is applied. */
function prepare(stack: SynthesizedStack, { directory, mirror }: RehearsalOptions): PreparedStack {
  const stateDirectory = join(directory, 'states');
  const { terraform, leftOut } = rehearsalCopy(stack, { awsVersion: mirror.awsVersion, stateDirectory });
  const own = join(directory, stack.name);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'cdk.tf.json'), JSON.stringify(terraform, undefined, 2));
  return { name: stack.name, dependencies: stack.dependencies, directory: own, leftOut };
}

async function succeed(run: RunTerraform, stack: PreparedStack, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(stack.directory, args);
  if (exitCode !== 0) throw new Error(`${stack.name}: terraform ${args[0] ?? ''} ended with ${exitCode}:\n${stderr}`);
  return stdout;
}

/** `terraform plan -detailed-exitcode` ends with 2 when there is something to do. */
async function changesOf(run: RunTerraform, stack: PreparedStack): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await run(stack.directory, ['plan', '-detailed-exitcode', '-no-color']);
  if (exitCode === 0) return [];
  if (exitCode === 2) return [`${stack.name}:${stdout.slice(stdout.indexOf('Terraform will perform'))}`];
  throw new Error(`${stack.name}: terraform plan ended with ${exitCode}:\n${stderr}`);
}

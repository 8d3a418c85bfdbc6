import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../refusal.ts';
import type { StackOnDisk } from './read-manifest.ts';
import type { Terraform } from './terraform-cli.ts';

export interface ApplyContext {
  readonly terraform: Terraform;
  /** Where `STACK.terraform.lock.hcl` may lie, which pins the hashes of providers. */
  readonly locksDirectory: string;
  /** Asked once for each stack, after its plan was shown. */
  readonly approve: (stack: string) => Promise<boolean>;
  readonly report: (line: string) => void;
}

/** Name of the file a plan is saved in, in the directory of its stack. */
const planFile = 'tfplan';
/** `terraform plan -detailed-exitcode`: nothing to do, and something to do. */
const planCodes = { unchanged: 0, changed: 2 } as const;

/** Plans each stack and keeps the plans. Resolves with the names of those that would change. */
export async function planStacks(stacks: readonly StackOnDisk[], context: ApplyContext): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const stack of stacks) if (await plan(stack, context)) changed.push(stack.name);
  context.report(changed.length === 0 ? 'Nothing would change.' : `Would change: ${changed.join(', ')}.`);
  return changed;
}

/** Plans, shows and, where approved, applies each stack before the next is planned: a plan reads what those before have put out. */
export async function deployStacks(stacks: readonly StackOnDisk[], context: ApplyContext): Promise<void> {
  for (const stack of stacks) if (await plan(stack, context)) await applyPlan(stack, context);
}

/** Applies plans that `planStacks` has kept; Terraform refuses one that is no longer true. */
export async function applySavedPlans(stacks: readonly StackOnDisk[], context: ApplyContext): Promise<void> {
  for (const stack of stacks) {
    if (!existsSync(join(stack.directory, planFile)))
      throw new Refusal(`${stack.name} has no saved plan: run diff first.`);
    context.report(`── ${stack.name}`);
    await context.terraform.run(stack.directory, ['apply', planFile]);
    rmSync(join(stack.directory, planFile));
  }
}

/** Deletes stacks, each before those it depends on. What is protected makes Terraform refuse. */
export async function destroyStacks(stacks: readonly StackOnDisk[], context: ApplyContext): Promise<void> {
  for (const stack of stacks.toReversed())
    if (await plan(stack, context, { planArgs: ['-destroy'] })) await applyPlan(stack, context);
}

/**
 * Makes the stack that holds the state of all, itself included: first with a state in its directory, which then moves into
 * the bucket that was made. Can be run again after it was interrupted, while that directory is still there.
 * @throws Refusal when the state is where it belongs: a second start would make everything twice
 */
export async function bootstrapStack([stack]: readonly StackOnDisk[], context: ApplyContext): Promise<void> {
  if (stack === undefined) throw new Error('There is no stack to bootstrap.');
  if (await hasState(stack, context))
    throw new Refusal(`${stack.name} is there already: deploy ${stack.name} changes it.`);
  const override = join(stack.directory, 'backend_override.tf.json');
  writeFileSync(override, JSON.stringify({ terraform: { backend: { local: { path: 'bootstrap.tfstate' } } } }));
  try {
    if (await plan(stack, context, { initArgs: ['-reconfigure'] })) await applyPlan(stack, context);
  } finally {
    rmSync(override);
  }
  await context.terraform.run(stack.directory, ['init', '-migrate-state', '-force-copy']);
}

/** Whether the backend of a stack can be reached and has its state. */
async function hasState({ directory }: StackOnDisk, { terraform, report }: ApplyContext): Promise<boolean> {
  report('Is there a state already? On the first run there is none, which Terraform calls an error.');
  if ((await terraform.run(directory, ['init', '-reconfigure'], [0, 1])) !== 0) return false;
  return (await terraform.run(directory, ['state', 'list'], [0, 1])) === 0;
}

interface PlanOptions {
  /** @default none */
  readonly planArgs?: readonly string[];
  /** @default none */
  readonly initArgs?: readonly string[];
}

async function plan(stack: StackOnDisk, context: ApplyContext, options: PlanOptions = {}): Promise<boolean> {
  const { terraform, locksDirectory, report } = context;
  const { planArgs = [], initArgs = [] } = options;
  report(`── ${stack.name}`);
  const lock = join(locksDirectory, `${stack.name}.terraform.lock.hcl`);
  const isLocked = existsSync(lock);
  if (isLocked) copyFileSync(lock, join(stack.directory, '.terraform.lock.hcl'));
  await terraform.run(stack.directory, ['init', ...initArgs, ...(isLocked ? ['-lockfile=readonly'] : [])]);
  const args = ['plan', '-detailed-exitcode', `-out=${planFile}`, ...planArgs];
  const code = await terraform.run(stack.directory, args, Object.values(planCodes));
  return code === planCodes.changed;
}

async function applyPlan(stack: StackOnDisk, { terraform, approve }: ApplyContext): Promise<void> {
  if (!(await approve(stack.name))) throw new Refusal(`${stack.name} was not approved; nothing after it was touched.`);
  await terraform.run(stack.directory, ['apply', planFile]);
  rmSync(join(stack.directory, planFile), { force: true });
}

/** Applies stacks with plain Terraform, in the order of the manifest: `diff`, `deploy`, `destroy` and `bootstrap` of nx. */
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { environmentNamed } from '../environments/read-environment.ts';
import { Refusal, runOrRefuse } from '../refusal.ts';
import { synthesize, synthesizeUnprotected } from '../synthesize.ts';
import {
  applySavedPlans,
  bootstrapStack,
  deployStacks,
  destroyStacks,
  planStacks,
  type ApplyContext,
} from './apply-stacks.ts';
import { readRequest, type Command } from './command-line.ts';
import { readManifest } from './read-manifest.ts';
import { selected } from './stack-order.ts';
import { TerraformCli } from './terraform-cli.ts';

await runOrRefuse(async () => {
  const {
    command,
    environment,
    stacks: names,
    isApproved,
    isSaved,
    isUnprotected,
  } = readRequest(process.argv.slice(2), process.env.STOWAGE_ENV);
  const outDirectory = join(import.meta.dirname, '../../../../dist/cdktf', environment);
  const write = isUnprotected ? synthesizeUnprotected : synthesize;
  write(environmentNamed(environment), { outDirectory, today: new Date() });
  const stacks = readManifest(outDirectory);
  // An administrator applies the bootstrap, once: who deploys cannot change the limits of deployment.
  const everyday = selected(stacks, names).filter(({ name }) => names.includes(name) || name !== 'bootstrap');

  const context: ApplyContext = {
    terraform: new TerraformCli(process.env),
    locksDirectory: join(import.meta.dirname, '../../locks'),
    approve: (stack) => (isApproved ? Promise.resolve(true) : ask(stack, environment)),
    report: (line) => process.stdout.write(`${line}\n`),
  };
  const commands: Readonly<Record<Command, () => Promise<unknown>>> = {
    diff: () => planStacks(everyday, context),
    deploy: () => (isSaved ? applySavedPlans(everyday, context) : deployStacks(everyday, context)),
    destroy: () => destroyStacks(everyday, context),
    bootstrap: () => bootstrapStack(selected(stacks, ['bootstrap']), context),
  };
  await commands[command]();
});

async function ask(stack: string, environment: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Refusal('There is nobody to ask: say --approve, or run it in a terminal.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Apply this plan of ${stack} in ${environment}? Only "yes" is a yes: `);
  terminal.close();
  return answer === 'yes';
}

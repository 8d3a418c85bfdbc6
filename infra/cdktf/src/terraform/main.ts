/** Applies stacks with plain Terraform, in the order of the manifest: `diff`, `deploy`, `destroy` and `bootstrap` of nx. */
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { environmentNamed } from '../environments/read-environment.ts';
import { synthesize } from '../synthesize.ts';
import {
  applySavedPlans,
  bootstrapStack,
  deployStacks,
  destroyStacks,
  planStacks,
  type ApplyContext,
} from './apply-stacks.ts';
import { readManifest } from './read-manifest.ts';
import { selected } from './stack-order.ts';
import { TerraformCli } from './terraform-cli.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { approve: { type: 'boolean', default: false }, saved: { type: 'boolean', default: false } },
});
const [command = 'diff', ...names] = positionals;
const { STOWAGE_ENV = 'dev' } = process.env;

const outDirectory = join(import.meta.dirname, '../../../../dist/cdktf', STOWAGE_ENV);
synthesize(environmentNamed(STOWAGE_ENV), { outDirectory, today: new Date() });
const stacks = readManifest(outDirectory);
// An administrator applies the bootstrap, once: who deploys cannot change the limits of deployment.
const everyday = selected(stacks, names).filter(({ name }) => names.includes(name) || name !== 'bootstrap');

const context: ApplyContext = {
  terraform: new TerraformCli(process.env),
  locksDirectory: join(import.meta.dirname, '../../locks'),
  approve: values.approve ? () => Promise.resolve(true) : ask,
  report: (line) => process.stdout.write(`${line}\n`),
};

const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  diff: () => planStacks(everyday, context),
  deploy: () => (values.saved ? applySavedPlans(everyday, context) : deployStacks(everyday, context)),
  destroy: () => destroyStacks(everyday, context),
  bootstrap: () => bootstrapStack(selected(stacks, ['bootstrap']), context),
};
const run = commands[command];
if (run === undefined)
  throw new Error(`There is no command ${command}. There are ${Object.keys(commands).join(', ')}.`);
await run();

async function ask(stack: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error('There is nobody to ask: say --approve, or run it in a terminal.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Apply this plan of ${stack} in ${STOWAGE_ENV}? Only "yes" is a yes: `);
  terminal.close();
  return answer === 'yes';
}

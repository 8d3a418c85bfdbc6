/** Checks with the real Terraform: `validate` and `rehearse` of nx. What a machine cannot check it counts, and says how it could. */
import { join } from 'node:path';
import { environmentNamed, environmentNames } from '../environments/read-environment.ts';
import { readSynthesized } from '../policy/read-synthesized.ts';
import { synthesize } from '../synthesize.ts';
import { describeMissing, findTools } from './find-tools.ts';
import { forgottenAttributes } from './forgotten-attributes.ts';
import { rehearseEnvironment } from './rehearse-environment.ts';
import { validateStacks } from './validate-stacks.ts';

const [command = 'validate'] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const tools = findTools(process.env);
const root = join(import.meta.dirname, '../../../../dist/cdktf');
const graphs = environmentNames.map((name) => {
  const outDirectory = join(root, name);
  synthesize(environmentNamed(name), { outDirectory, today: new Date() });
  return { name, graph: readSynthesized(outDirectory) };
});

if (command === 'validate') process.exitCode = await validate();
else if (command === 'rehearse') process.exitCode = await rehearse();
else throw new Error(`There is no command ${command}. There are validate and rehearse.`);

async function validate(): Promise<number> {
  const { terraform, mirror } = tools;
  const stacks = graphs.reduce((sum, { graph }) => sum + graph.stacks.length, 0);
  if (terraform === undefined || mirror === undefined) return skip(stacks, ['terraform', 'mirror']);
  let faulty = 0;
  for (const { name, graph } of graphs) {
    for (const validation of await validateStacks(graph.stacks, { terraform, mirror, path: process.env.PATH })) {
      const { faults, leftOut } = validation;
      faulty += faults.length === 0 ? 0 : 1;
      say(
        `${name} ${validation.name}: ${faults.length === 0 ? 'valid' : 'INVALID'}, ${leftOut} newer attributes left out`,
      );
      for (const fault of faults) say(`  ${fault}`);
    }
  }
  say(`validate: ${stacks - faulty} of ${stacks} stacks valid with provider aws ${mirror.awsVersion}, 0 skipped`);
  return faulty === 0 ? 0 : 1;
}

async function rehearse(): Promise<number> {
  const { terraform, mirror, motoServer } = tools;
  const { STOWAGE_ENV = 'dev', PATH: path } = process.env;
  const environment = environmentNamed(STOWAGE_ENV);
  const stacks = graphs.find(({ name }) => name === environment.name)?.graph.stacks ?? [];
  if (terraform === undefined || mirror === undefined || motoServer === undefined)
    return skip(stacks.length, ['terraform', 'mirror', 'motoServer']);
  const found = { terraform, mirror, motoServer, path, say };
  const { applied, leftOut, restless } = await rehearseEnvironment(environment, stacks, found);
  for (const address of leftOut) say(`left out: ${address}`);
  for (const attributes of forgottenAttributes) say(`not compared: ${attributes}`);
  say(
    `rehearse: ${applied} resources of ${stacks.length} stacks applied, ${leftOut.length} left out, 0 stacks skipped`,
  );
  return restless.length === 0 ? 0 : 1;
}

function skip(checks: number, needed: readonly (keyof typeof tools)[]): number {
  say(`${command}: ${checks} stacks SKIPPED. It needs:`);
  for (const remedy of describeMissing(tools, needed)) say(`  ${remedy}`);
  return 0;
}

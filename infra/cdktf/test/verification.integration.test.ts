import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { environmentNamed } from '../src/environments/read-environment.ts';
import { inOrder } from '../src/terraform/stack-order.ts';
import { describeMissing, findTools } from '../src/verification/find-tools.ts';
import { startMotoServer } from '../src/verification/moto-server.ts';
import { rehearseStacks } from '../src/verification/rehearse-stacks.ts';
import { validateStacks } from '../src/verification/validate-stacks.ts';
import { withWorldBefore } from '../src/verification/world-before.ts';
import { synthesized } from './synthesized.ts';

const tools = findTools(process.env);
const path = process.env.PATH;
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Says what was not checked, and how it could be. */
function skipped(what: string, needed: Parameters<typeof describeMissing>[1]): void {
  const missing = describeMissing(tools, needed);
  say(`${what} SKIPPED. It needs:\n${missing.map((remedy) => `  ${remedy}`).join('\n')}`);
  expect(missing).not.toEqual([]);
}

describe('with the real Terraform', () => {
  it('every stack of production is valid, where there is a provider', async () => {
    const { stacks } = synthesized('production');
    const { terraform, mirror } = tools;
    if (terraform === undefined || mirror === undefined)
      return skipped(`validate: ${stacks.length} stacks`, ['terraform', 'mirror']);
    const validations = await validateStacks(stacks, { terraform, mirror, path });
    expect(validations.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`))).toEqual([]);
    say(`validate: ${validations.length} stacks valid, 0 skipped`);
  });

  it('a stack with an unknown attribute and a reference to nothing is not', async () => {
    const { terraform, mirror } = tools;
    if (terraform === undefined || mirror === undefined) return skipped('validate: 1 stack', ['terraform', 'mirror']);
    const stack = synthesized('dev').stack('edge');
    const resource = {
      aws_eip: { one: { colour: 'blue' } },
      aws_route: { one: { route_table_id: '${aws_vpc.none.id}' } },
    };
    const [validation] = await validateStacks(
      [{ ...stack, terraform: { ...stack.terraform, data: undefined, resource } }],
      {
        ...{ terraform, mirror, path },
      },
    );
    expect(validation?.faults.join()).toMatch(/colour/);
    expect(validation?.faults.join()).toMatch(/aws_vpc/);
  });
});

describe('against an emulator of AWS', () => {
  it('all stacks of dev are applied, planned again without a change, and taken down, where there is one', async () => {
    const environment = environmentNamed('dev');
    const { stacks } = synthesized('dev');
    const { terraform, mirror, motoServer } = tools;
    if (terraform === undefined || mirror === undefined || motoServer === undefined)
      return skipped(`rehearse: ${stacks.length} stacks`, ['terraform', 'mirror', 'motoServer']);
    const directory = mkdtempSync(join(tmpdir(), 'stowage-rehearsal-'));
    try {
      await using moto = await startMotoServer({ program: motoServer, path, accountId: environment.account.id });
      const { applied, leftOut, restless } = await rehearseStacks(withWorldBefore(environment, inOrder(stacks)), {
        ...{ terraform, mirror, path, directory, say },
        url: moto.url,
      });
      expect(restless).toEqual([]);
      expect(applied).toBeGreaterThan(leftOut.length);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

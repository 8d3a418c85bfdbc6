import { describe, expect, it } from '@jest/globals';
import { findTools } from '../src/verification/find-tools.ts';
import { validateStacks } from '../src/verification/validate-stacks.ts';
import { say, skipped } from './skipped-checks.ts';
import { synthesized } from './synthesized.ts';

const tools = findTools(process.env);
const path = process.env.PATH;

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

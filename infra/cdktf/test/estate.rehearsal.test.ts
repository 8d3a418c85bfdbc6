import { describe, expect, it } from '@jest/globals';
import { environmentNamed } from '../src/environments/read-environment.ts';
import { findTools } from '../src/verification/find-tools.ts';
import { rehearseEnvironment } from '../src/verification/rehearse-environment.ts';
import { say, skipped } from './skipped-checks.ts';
import { synthesized } from './synthesized.ts';

const { terraform, mirror, motoServer } = findTools(process.env);
const path = process.env.PATH;

describe('against an emulator of AWS', () => {
  it('all stacks of dev are applied, planned again without a change, and taken down, where there is one', async () => {
    const { stacks } = synthesized('dev');
    if (terraform === undefined || mirror === undefined || motoServer === undefined)
      return skipped(`rehearse: ${stacks.length} stacks`, ['terraform', 'mirror', 'motoServer']);
    const tools = { terraform, mirror, motoServer, path, say };
    const { applied, leftOut, restless } = await rehearseEnvironment(environmentNamed('dev'), stacks, tools);
    expect(restless).toEqual([]);
    expect(applied).toBeGreaterThan(leftOut.length);
  });
});

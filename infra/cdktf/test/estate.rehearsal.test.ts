import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { environmentNamed } from '../src/environments/read-environment.ts';
import { inOrder } from '../src/terraform/stack-order.ts';
import { findTools } from '../src/verification/find-tools.ts';
import { startMotoServer } from '../src/verification/moto-server.ts';
import { rehearseStacks } from '../src/verification/rehearse-stacks.ts';
import { withWorldBefore } from '../src/verification/world-before.ts';
import { say, skipped } from './skipped-checks.ts';
import { synthesized } from './synthesized.ts';

const { terraform, mirror, motoServer } = findTools(process.env);
const path = process.env.PATH;

describe('against an emulator of AWS', () => {
  it('all stacks of dev are applied, planned again without a change, and taken down, where there is one', async () => {
    const environment = environmentNamed('dev');
    const { stacks } = synthesized('dev');
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

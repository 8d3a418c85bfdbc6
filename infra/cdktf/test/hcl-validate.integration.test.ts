import { describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, TerraformStack } from '../src/cdktf.ts';
import { addStacks } from '../src/environment-stacks.ts';
import { environmentNamed } from '../src/environments/read-environment.ts';
import { findPlainAttributes } from '../src/hcl/plain-attributes.ts';
import { renderHcl } from '../src/hcl/render-hcl.ts';
import { asAttributes } from '../src/policy/resource-graph.ts';
import { describeMissing, findTools } from '../src/verification/find-tools.ts';
import { offlineCopy } from '../src/verification/offline-copy.ts';
import { terraformRunner } from '../src/verification/run-terraform.ts';

const tools = findTools(process.env);
const { terraform, mirror } = tools;

describe('the HCL of production', () => {
  if (terraform === undefined || mirror === undefined) {
    it('is not validated: a tool is missing', () => {
      process.stderr.write(
        `Skipped: HCL of every stack. Needs ${describeMissing(tools, ['terraform', 'mirror']).join('; ')}.\n`,
      );
    });
    return;
  }

  it('is valid by the schema of the provider, in every stack', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'stowage-hcl-'));
    const stacks = writeStacks(directory, mirror.awsVersion);
    const run = terraformRunner(terraform, { PATH: process.env.PATH, TF_DATA_DIR: join(directory, 'data') });
    const [first = ''] = stacks;
    const initialised = await run(first, ['init', '-backend=false', '-no-color', `-plugin-dir=${mirror.directory}`]);
    expect(initialised).toMatchObject({ exitCode: 0 });
    for (const stack of stacks) {
      if (stack !== first) copyFileSync(join(first, '.terraform.lock.hcl'), join(stack, '.terraform.lock.hcl'));
      expect(await run(stack, ['validate', '-no-color'])).toMatchObject({ exitCode: 0, stderr: '' });
    }
    rmSync(directory, { recursive: true });
  });
});

/** What the provider at hand is too old for is left out, as in `nx run cdktf:validate`. */
function writeStacks(directory: string, awsVersion: string): readonly string[] {
  const app = createApp({ outDirectory: join(directory, 'json') });
  addStacks(app, environmentNamed('production'));
  app.synth();
  return app.node.children
    .filter((child) => child instanceof TerraformStack)
    .map((stack) => {
      const { terraform: copy } = offlineCopy(asAttributes(stack.toTerraform()), awsVersion);
      const path = join(directory, stack.node.id);
      mkdirSync(path);
      writeFileSync(join(path, 'cdk.tf'), renderHcl(copy, findPlainAttributes(stack)));
      return path;
    });
}

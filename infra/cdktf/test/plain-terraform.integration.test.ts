import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import { createApp, DataResource, LocalBackend, TerraformStack } from '../src/cdktf.ts';
import {
  bootstrapStack,
  deployStacks,
  destroyStacks,
  planStacks,
  type ApplyContext,
} from '../src/terraform/apply-stacks.ts';
import { readManifest, type StackOnDisk } from '../src/terraform/read-manifest.ts';
import { TerraformCli } from '../src/terraform/terraform-cli.ts';

const outDirectory = mkdtempSync(join(tmpdir(), 'stowage-plain-'));

/** A stack that needs no provider, and keeps its state beside the other's. */
class SmallStack extends TerraformStack {
  readonly value: string;

  constructor(scope: Construct, id: string, input: string) {
    super(scope, id);
    new LocalBackend(this, { path: `../../${id}.tfstate` });
    const resource = new DataResource(this, 'Value', { input: { text: input } });
    this.value = resource.getStringAttribute('output.text');
  }
}

function contextOf(): ApplyContext {
  return {
    terraform: new TerraformCli(process.env, { isSilent: true }),
    locksDirectory: join(outDirectory, 'locks'),
    approve: () => Promise.resolve(true),
    report: () => undefined,
  };
}

const isInstalled = spawnSync('terraform', ['version']).status === 0;

if (isInstalled) describe('plain Terraform', checkPlainTerraform);
else
  it('is not checked, in 3 ways: there is no terraform on the PATH', () => {
    process.stderr.write('Skipped 3 checks. Install Terraform 1.11 or newer to make them.\n');
  });

function checkPlainTerraform(): void {
  let stacks: readonly StackOnDisk[];

  beforeAll(() => {
    const app = createApp({ outDirectory });
    const producer = new SmallStack(app, 'producer', 'from the first');
    new SmallStack(app, 'consumer', `${producer.value} to the second`);
    app.synth();
    stacks = readManifest(outDirectory);
  });

  afterAll(() => {
    rmSync(outDirectory, { recursive: true });
  });

  it('applies stacks in order, and finds nothing to do afterwards', async () => {
    await deployStacks(stacks, contextOf());
    expect(readFileSync(join(outDirectory, 'consumer.tfstate'), 'utf8')).toContain('from the first to the second');
    expect(await planStacks(stacks, contextOf())).toEqual([]);
  });

  it('makes the first stack with a state of its own, which moves to where it belongs', async () => {
    const app = createApp({ outDirectory: join(outDirectory, 'bootstrap') });
    new SmallStack(app, 'first', 'was here before its state was');
    app.synth();
    const first = readManifest(join(outDirectory, 'bootstrap'));
    await bootstrapStack(first, contextOf());
    expect(readFileSync(join(outDirectory, 'bootstrap/first.tfstate'), 'utf8')).toContain('was here before');
    expect(await planStacks(first, contextOf())).toEqual([]);
    await expect(bootstrapStack(first, contextOf())).rejects.toThrow('first is there already');
    expect(await planStacks(first, contextOf())).toEqual([]);
  });

  it('deletes them backwards', async () => {
    await destroyStacks(stacks, contextOf());
    expect(existsSync(join(outDirectory, 'consumer.tfstate'))).toBe(true);
    expect(JSON.parse(readFileSync(join(outDirectory, 'producer.tfstate'), 'utf8'))).toMatchObject({ resources: [] });
  });
}

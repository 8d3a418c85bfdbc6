import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp, TerraformStack, type App, type AppOptions } from './cdktf.ts';
import { addStacks } from './environment-stacks.ts';
import type { Environment } from './environments/environment.ts';
import { findPlainAttributes } from './hcl/plain-attributes.ts';
import { renderHcl } from './hcl/render-hcl.ts';
import { asAttributes } from './policy/resource-graph.ts';

/** Writes the Terraform of an environment: `manifest.json` and a directory for each stack. */
export function synthesize(environment: Environment, options: AppOptions): App {
  const app = createApp(options);
  addStacks(app, environment);
  app.synth();
  return app;
}

/** Writes the Terraform of an environment in HCL, `cdk.tf` of each stack: the way out of CDKTF, whose own HCL is not always valid. */
export function synthesizeHcl(environment: Environment, options: AppOptions): void {
  const { outDirectory } = options;
  const app = synthesize(environment, options);
  for (const stack of app.node.children.filter((child) => child instanceof TerraformStack)) {
    const directory = join(outDirectory, 'stacks', stack.node.id);
    rmSync(join(directory, 'cdk.tf.json'), { force: true });
    writeFileSync(join(directory, 'cdk.tf'), renderHcl(asAttributes(stack.toTerraform()), findPlainAttributes(stack)));
  }
  const manifest = join(outDirectory, 'manifest.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll('/cdk.tf.json"', '/cdk.tf"'));
}

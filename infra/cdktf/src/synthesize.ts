import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp, TerraformStack, type App, type AppOptions } from './cdktf.ts';
import { addStacks } from './environment-stacks.ts';
import { findBudgetFault, type EnvironmentFault } from './environments/environment-invariants.ts';
import type { Environment } from './environments/environment.ts';
import { expectedUsage } from './environments/expected-usage.ts';
import { EnvironmentError } from './environments/read-environment.ts';
import { findUnsupported } from './environments/support-calendar.ts';
import { findPlainAttributes } from './hcl/plain-attributes.ts';
import { renderHcl } from './hcl/render-hcl.ts';
import { estimateMonthlyCost, totalUsd } from './models/monthly-cost.ts';
import { exemptions } from './policy/exemptions.ts';
import { enforcePolicy } from './policy/policy-aspect.ts';
import { readSynthesized } from './policy/read-synthesized.ts';
import { asAttributes } from './policy/resource-graph.ts';
import { policyRules } from './policy/rules.ts';

export interface SynthesizeOptions extends AppOptions {
  /** The day it is: exemptions run out, and so does the support of versions. */
  readonly today: Date;
}

/**
 * Writes the Terraform of an environment: `manifest.json` and a directory for each stack.
 * @throws EnvironmentError when it runs what is out of support or costs more than its budget
 * @throws Error naming each resource that breaks the policy
 */
export function synthesize(environment: Environment, { today, ...options }: SynthesizeOptions): App {
  refuse(environment, findUnsupported(environment, today));
  const app = createApp(options);
  addStacks(app, environment);
  enforcePolicy(app, {
    ...{ environment: environment.name, rules: policyRules, exemptions },
    today: today.toISOString().slice(0, 10),
  });
  app.synth();
  const cost = estimateMonthlyCost(readSynthesized(options.outDirectory), expectedUsage[environment.name]);
  const overrun = findBudgetFault(environment, totalUsd(cost));
  refuse(environment, overrun === undefined ? [] : [overrun]);
  return app;
}

/**
 * Writes the Terraform of an environment that is to be taken down: nothing in it is protected, and neither what policy demands nor
 * what it costs counts any more.
 */
export function synthesizeUnprotected(environment: Environment, { outDirectory }: AppOptions): void {
  const app = createApp({ outDirectory });
  addStacks(app, { ...environment, isProtected: false });
  app.synth();
}

function refuse({ name }: Environment, faults: readonly EnvironmentFault[]): void {
  if (faults.length > 0) throw new EnvironmentError(name, faults);
}

/** Writes the Terraform of an environment in HCL, `cdk.tf` of each stack: the way out of CDKTF, whose own HCL is not always valid. */
export function synthesizeHcl(environment: Environment, options: SynthesizeOptions): void {
  const { outDirectory } = options;
  const app = synthesize(environment, options);
  for (const stack of app.node.children.filter((child) => child instanceof TerraformStack)) {
    const directory = join(outDirectory, 'stacks', stack.node.id);
    rmSync(join(directory, 'cdk.tf.json'));
    writeFileSync(join(directory, 'cdk.tf'), renderHcl(asAttributes(stack.toTerraform()), findPlainAttributes(stack)));
    // The command line of CDKTF reads it beside HCL.
    const { metadata } = asAttributes(stack.toHclTerraform());
    writeFileSync(join(directory, 'metadata.json'), JSON.stringify(metadata));
  }
  const manifest = join(outDirectory, 'manifest.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll('/cdk.tf.json"', '/cdk.tf"'));
}

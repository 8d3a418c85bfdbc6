import { createApp, type AppOptions } from './cdktf.ts';
import { addStacks } from './environment-stacks.ts';
import type { Environment } from './environments/environment.ts';

/** Writes the Terraform of an environment: `manifest.json` and a directory for each stack. */
export function synthesize(environment: Environment, options: AppOptions): void {
  const app = createApp(options);
  addStacks(app, environment);
  app.synth();
}

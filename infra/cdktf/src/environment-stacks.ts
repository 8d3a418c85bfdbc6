import type { App } from './cdktf.ts';
import type { Environment } from './environments/environment.ts';
import { BootstrapStack } from './stacks/bootstrap-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';

/** Adds all stacks of an environment, each after those it uses. */
export function addStacks(app: App, environment: Environment): void {
  new BootstrapStack(app, environment);
  new NetworkStack(app, environment);
}

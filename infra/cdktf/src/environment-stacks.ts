import type { App } from './cdktf.ts';
import type { Environment } from './environments/environment.ts';
import { BootstrapStack } from './stacks/bootstrap-stack.ts';
import { ClusterStack } from './stacks/cluster-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';

/** Adds all stacks of an environment, each after those it uses. */
export function addStacks(app: App, environment: Environment): void {
  const { outputs: bootstrap } = new BootstrapStack(app, environment);
  const { outputs: network } = new NetworkStack(app, environment);
  new ClusterStack(app, environment, { bootstrap, network });
}

import type { App } from './cdktf.ts';
import type { Environment } from './environments/environment.ts';
import { AccountStack } from './stacks/account-stack.ts';
import { BaseStack } from './stacks/base-stack.ts';
import { BootstrapStack } from './stacks/bootstrap-stack.ts';
import { ClusterStack } from './stacks/cluster-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { EdgeStack } from './stacks/edge-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';

/** Adds all stacks of an environment, each after those it uses. */
export function addStacks(app: App, environment: Environment): void {
  const first = new BootstrapStack(app, environment);
  const { outputs: bootstrap } = first;
  const { outputs: account } = new AccountStack(app, environment);
  const { outputs: network } = new NetworkStack(app, environment);
  const { outputs: data } = new DataStack(app, environment, { account, network });
  const { outputs: edge } = new EdgeStack(app, environment, { account, network });
  const { outputs: cluster } = new ClusterStack(app, environment, { bootstrap, account, network, data, edge });
  new ObservabilityStack(app, environment, { account, network, data, edge, cluster });
  // Every role carries a boundary that the bootstrap makes, by name and not by reference.
  for (const stack of app.node.children) if (stack instanceof BaseStack && stack !== first) stack.addDependency(first);
}

import type { Environment } from '../environments/environment.ts';
import type { ResourceGraph } from '../policy/resource-graph.ts';

/** An environment and what it becomes. */
export interface SynthesizedEnvironment {
  readonly environment: Environment;
  readonly graph: ResourceGraph;
}

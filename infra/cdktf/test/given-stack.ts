import type { Construct } from 'constructs';
import type { Environment } from '../src/environments/environment.ts';
import { environmentNamed } from '../src/environments/read-environment.ts';
import type { ResourceGraph } from '../src/policy/resource-graph.ts';
import { BaseStack } from '../src/stacks/base-stack.ts';
import { synthesizedApp } from './synthesized.ts';

/** An empty stack of dev, named `given`. */
export class GivenStack extends BaseStack {
  constructor(scope: Construct, environment: Environment = environmentNamed('dev')) {
    super(scope, 'given', environment);
  }
}

/** Synthesizes constructs in a stack of their own; their paths begin with `given/`. */
export function givenStack(build: (stack: GivenStack) => void): ResourceGraph {
  return synthesizedApp((app) => build(new GivenStack(app)));
}

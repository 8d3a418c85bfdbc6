import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../src/cdktf.ts';
import { addStacks } from '../src/environment-stacks.ts';
import type { Environment, EnvironmentName } from '../src/environments/environment.ts';
import { environmentNamed } from '../src/environments/read-environment.ts';
import { readSynthesized } from '../src/policy/read-synthesized.ts';
import type { ResourceGraph } from '../src/policy/resource-graph.ts';

const graphs = new Map<EnvironmentName, ResourceGraph>();

/** All stacks of an environment. Synthesized once for each test file; a graph is never changed. */
export function synthesized(name: EnvironmentName): ResourceGraph {
  const known = graphs.get(name);
  if (known !== undefined) return known;
  const graph = synthesizedFrom(environmentNamed(name));
  graphs.set(name, graph);
  return graph;
}

/** All stacks of an environment that a test has made up. */
export function synthesizedFrom(environment: Environment): ResourceGraph {
  return synthesizedApp((app) => addStacks(app, environment));
}

/** Whatever is added to an app: for tests of single stacks and constructs. */
export function synthesizedApp(add: (app: App) => void): ResourceGraph {
  const outDirectory = mkdtempSync(join(tmpdir(), 'stowage-cdktf-'));
  try {
    const app = createApp({ outDirectory });
    add(app);
    app.synth();
    return readSynthesized(outDirectory);
  } finally {
    rmSync(outDirectory, { recursive: true });
  }
}

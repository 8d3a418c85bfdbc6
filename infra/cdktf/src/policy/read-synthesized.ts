import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asAttributes, ResourceGraph, type Attributes } from './resource-graph.ts';

/** Reads what an app has synthesized: all stacks that its manifest names. */
export function readSynthesized(directory: string): ResourceGraph {
  const { stacks } = readJson(join(directory, 'manifest.json'));
  return new ResourceGraph(
    Object.entries(asAttributes(stacks)).map(([name, entry]) => {
      const { dependencies, synthesizedStackPath } = asAttributes(entry);
      return {
        name,
        dependencies: Array.isArray(dependencies) ? dependencies.map(String) : [],
        terraform: readJson(join(directory, String(synthesizedStackPath))),
      };
    }),
  );
}

function readJson(path: string): Attributes {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return asAttributes(parsed);
}

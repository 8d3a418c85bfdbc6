import { parse } from '@cdktf/hcl2json';
import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentNamed, environmentNames } from '../src/environments/read-environment.ts';
import { asAttributes } from '../src/policy/resource-graph.ts';
import { synthesizeHcl } from '../src/synthesize.ts';
import { today } from './given-environment.ts';
import { synthesized } from './synthesized.ts';

describe.each(environmentNames)('the HCL of %s', (name) => {
  it('says the same as the JSON, of every stack', async () => {
    const outDirectory = mkdtempSync(join(tmpdir(), 'stowage-hcl-'));
    synthesizeHcl(environmentNamed(name), { outDirectory, today });
    for (const { name: stack, terraform } of synthesized(name).stacks) {
      const directory = join(outDirectory, 'stacks', stack);
      expect(readdirSync(directory)).toEqual(['cdk.tf', 'metadata.json']);
      const parsed: unknown = await parse('cdk.tf', readFileSync(join(directory, 'cdk.tf'), 'utf8'));
      expect(normalized(parsed)).toEqual(normalized(terraform));
    }
    rmSync(outDirectory, { recursive: true });
  });
});

/** The parser writes each block as a list, and each expression as a template; notes of CDKTF and empty lists of blocks are in the JSON alone. */
function normalized(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^\$\{([^{}]*)\}$/, '$1');
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value.map(normalized);
    const [only] = items;
    return items.length === 1 && typeof only === 'object' ? only : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(asAttributes(value))
      .filter(([key, item]) => key !== '//' && !(Array.isArray(item) && item.length === 0))
      .map(([key, item]) => [key, normalized(item)]),
  );
}

import type { Tree } from '@nx/devkit';
import { describe, expect, it } from '@jest/globals';
import { generateMigration } from './migration/generator.ts';
import { nextNumber } from './numbering.ts';

/** A tree with files in one directory, and what was written to it. */
function givenTree(...names: readonly string[]): { tree: Tree; written: Map<string, string> } {
  const written = new Map<string, string>();
  const tree = { children: () => [...names], write: (path: string, text: string) => written.set(path, text) };
  return { tree: tree as unknown as Tree, written };
}

describe('nextNumber', () => {
  it('begins with one', () => {
    expect(nextNumber(givenTree().tree, 'docs/adr')).toBe('0001');
  });

  it('goes on after the highest, whatever else is there', () => {
    expect(nextNumber(givenTree('0002-b.md', '0010-c.md', 'README.md', '0001-a.md').tree, 'docs/adr')).toBe('0011');
  });
});

describe('generateMigration', () => {
  it('makes the file with the next number', () => {
    const { tree, written } = givenTree('0001-create-accounts.sql');
    generateMigration(tree, { name: 'add-labels' });
    expect([...written.keys()]).toEqual(['libs/db/migrations/0002-add-labels.sql']);
  });

  it.each(['labels', 'Add-Labels', 'add labels'])('refuses the name %j', (name) => {
    const { tree, written } = givenTree();
    expect(() => generateMigration(tree, { name })).toThrow(name);
    expect(written.size).toBe(0);
  });
});

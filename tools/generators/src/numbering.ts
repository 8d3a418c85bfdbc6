import type { Tree } from '@nx/devkit';

const numbered = /^(?<number>\d{4})-.+/;

/** The number after the highest that a file of the directory begins with, in four digits: `0001` when there is none. */
export function nextNumber(tree: Tree, directory: string): string {
  const numbers = tree.children(directory).map((name) => Number(numbered.exec(name)?.groups?.number ?? 0));
  return String(Math.max(0, ...numbers) + 1).padStart(4, '0');
}

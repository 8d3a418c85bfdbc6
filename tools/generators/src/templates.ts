import { join } from 'node:path';
import { formatFiles, generateFiles, type Tree } from '@nx/devkit';

/** Fills the templates of a generator into a directory of the workspace and formats what has changed. */
export async function fillTemplates(
  tree: Tree,
  templates: { readonly of: string; readonly into: string },
  values: Readonly<Record<string, string>>,
): Promise<void> {
  generateFiles(tree, join(tree.root, 'tools/generators/src', templates.of), templates.into, { ...values });
  await formatFiles(tree);
}

/**
 * Refuses to write over what is there.
 * @throws Error when the path exists
 */
export function refuseExisting(tree: Tree, path: string): void {
  if (tree.exists(path)) throw new Error(`${path} exists. Choose another name, or delete it first.`);
}

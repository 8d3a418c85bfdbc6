import type { Tree } from '@nx/devkit';
import { nextNumber } from '../numbering.ts';
import { fillTemplates } from '../templates.ts';

const directory = 'docs/adr';

export interface DecisionOptions {
  /** The decision in a few words, as a sentence without its full stop. */
  readonly title: string;
}

/** Makes an architecture decision record with the next number. */
export async function generateDecision(tree: Tree, { title }: DecisionOptions): Promise<void> {
  const name = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (name === '') throw new Error('The title needs a letter or a digit.');
  const number = nextNumber(tree, directory);
  await fillTemplates(tree, { of: 'adr/files', into: directory }, { number, name, title });
}

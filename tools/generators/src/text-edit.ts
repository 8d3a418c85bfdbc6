import { logger, type Tree } from '@nx/devkit';

/** A change of a file that is written by hand. */
export interface TextEdit {
  /** The text after the change; undefined where the text has no place for it that is known. */
  readonly change: (text: string) => string | undefined;
  /** What to add by hand then. */
  readonly byHand: string;
}

/** Changes a file, or says what is to be added by hand. */
export function editText(tree: Tree, path: string, { change, byHand }: TextEdit): void {
  const changed = change(tree.read(path, 'utf8') ?? '');
  if (changed === undefined) logger.warn(`${path} has changed its shape. Add to it by hand:\n${byHand}`);
  else tree.write(path, changed);
}

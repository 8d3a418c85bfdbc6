import type { IConstruct } from 'constructs';
import type { IAspect } from '../cdktf.ts';
import { product } from '../resource-name.ts';
import { isTaggable } from './required-tags.ts';

/** Gives what has no name of its own one that the console shows: its place in the code. */
export class NameTags implements IAspect {
  readonly #environment: string;

  constructor(environment: string) {
    this.#environment = environment;
  }

  visit(construct: IConstruct): void {
    if (!isTaggable(construct)) return;
    const { tagsInput = {} } = construct;
    if (!('Name' in tagsInput)) construct.tags = { ...tagsInput, Name: this.#nameOf(construct.node.path) };
  }

  #nameOf(path: string): string {
    const words = path
      .split('/')
      .filter((id) => id !== 'Resource')
      .map((id) => id.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase());
    return [product, this.#environment, ...words].join('-');
  }
}

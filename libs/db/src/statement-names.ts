import type { SqlStatement } from './sql.ts';

/**
 * Sees to it that a name means one text. A connection that has prepared the name runs the text it knows, so two texts
 * under one name would work or fail by the luck of the connection.
 */
export class StatementNames {
  readonly #texts = new Map<string, string>();

  /** @throws {TypeError} when the name was used with another text */
  check({ name, text }: SqlStatement): void {
    const known = this.#texts.get(name);
    if (known === undefined) this.#texts.set(name, text);
    else if (known !== text) throw new TypeError(`two statements with different texts are named ${name}`);
  }
}

import { readsOnly } from './reads-only.ts';

/** One SQL command with its values kept apart: what every method of a `Db` takes. Made by `sql`. */
export interface SqlStatement {
  /** Name of the prepared statement: constant, unique among the statements of one database, seen in errors and logs. */
  readonly name: string;
  /** The command with `$1`, `$2`, … where values go. */
  readonly text: string;
  readonly values: readonly unknown[];
  /**
   * Whether running the statement twice does what running it once does. Such a statement is repeated when its
   * connection was lost and nobody knows whether it ran.
   * @default `sql` finds out whether the statement is a plain read
   */
  readonly repeatable?: boolean;
}

/** What may be said about a statement beyond its text. */
export interface SqlOptions {
  /** See `SqlStatement.repeatable`. */
  readonly repeatable?: boolean;
}

interface Prepared {
  readonly text: string;
  readonly reads: boolean;
}

/** PostgreSQL cuts longer identifiers off (NAMEDATALEN - 1), and two cut names may meet. */
const NAME_LIMIT_BYTES = 63;
const NAME = /^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*$/;

/** A template literal's strings are one object for its whole life, so its text is put together once. */
const preparedTexts = new WeakMap<TemplateStringsArray, Prepared>();

/**
 * Writes a named statement whose values are bound, never spliced into the text:
 * ``sql('find_bucket')`select id, name from buckets where id = ${id}` ``.
 *
 * The name is 1–63 characters of lower-case words joined by `_` or `-`. A value may be anything the driver can
 * encode (string, number, bigint, boolean, Date, Buffer, arrays of them; other objects become JSON) or `null`.
 *
 * @throws {TypeError} when the name is malformed or a value is `undefined`
 */
export function sql(
  name: string,
  options: SqlOptions = {},
): (strings: TemplateStringsArray, ...values: readonly unknown[]) => SqlStatement {
  if (!NAME.test(name) || name.length > NAME_LIMIT_BYTES)
    throw new TypeError(`'${name}' is no statement name: 1–${NAME_LIMIT_BYTES} of a–z, 0–9, _ and -, a letter first`);
  return (strings, ...values) => {
    const { text, reads } = preparedTexts.get(strings) ?? prepare(strings);
    const missing = values.indexOf(undefined);
    if (missing >= 0) throw new TypeError(`statement ${name}: value ${missing + 1} is undefined; write null for none`);
    return { name, text, values, repeatable: options.repeatable ?? reads };
  };
}

function prepare(strings: TemplateStringsArray): Prepared {
  const text = strings.reduce((before, part, index) => `${before}$${index}${part}`);
  const prepared = { text, reads: readsOnly(text) };
  preparedTexts.set(strings, prepared);
  return prepared;
}

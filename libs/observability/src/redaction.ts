import { errorRecord, isError } from './error-record.ts';
import { REDACTED, stripSecrets } from './strip-secrets.ts';
import { isSecretName } from './secret-names.ts';

/** What stands in a log line for a value that is nested too deeply or beyond the size limit of a line. */
const CUT = '[Cut]';
const MAX_DEPTH = 6;
const MAX_VALUES = 1_000;
const MAX_KNOWN_NAMES = 1_000;

/** These three keys of a line are ours; a field of the same name is written with a trailing underscore. */
const RESERVED = new Set(['level', 'time', 'message']);

/** Options of {@link Redactor}. */
export interface RedactorOptions {
  /**
   * Further field names whose values are withheld, in any letter case, such as `fileName`.
   * @default none
   */
  readonly secretFields?: readonly string[];
}

/**
 * Turns the fields of a log line into plain data without secrets: values of secret names (see
 * {@link isSecretName}) are withheld at any depth, secrets inside strings are cut out, errors
 * become records with their chain of causes, and objects of classes are named rather than opened, so
 * that a request or a client logged by mistake gives nothing away. A line holds at most 1,000 values, 6 levels deep.
 */
export class Redactor {
  readonly #extra: ReadonlySet<string>;
  readonly #known = new Map<string, boolean>();
  #valuesLeft = 0;

  constructor({ secretFields = [] }: RedactorOptions = {}) {
    this.#extra = new Set(secretFields.map((name) => name.toLowerCase()));
  }

  /** A redacted copy; the argument is left as it is. */
  redact(fields: object): Record<string, unknown> {
    this.#valuesLeft = MAX_VALUES;
    const source = isError(fields) ? { err: fields } : fields;
    const line = this.#record(source as Record<string, unknown>, 0);
    for (const name of RESERVED) {
      if (!Object.hasOwn(line, name)) continue;
      line[`${name}_`] = line[name];
      line[name] = undefined;
    }
    return line;
  }

  #record(source: Record<string, unknown>, depth: number): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (const name of Object.keys(source)) {
      if (name === '__proto__') continue;
      const value = source[name];
      if (value === undefined) continue;
      record[name] = this.#withheld(name, value) ? REDACTED : this.#value(value, depth);
    }
    return record;
  }

  #withheld(name: string, value: unknown): boolean {
    if (value === null || typeof value === 'boolean') return false;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const secret = this.#extra.has(name.toLowerCase()) || isSecretName(name);
    if (this.#known.size < MAX_KNOWN_NAMES) this.#known.set(name, secret);
    return secret;
  }

  #value(value: unknown, depth: number): unknown {
    this.#valuesLeft -= 1;
    if (this.#valuesLeft < 0) return CUT;
    switch (typeof value) {
      case 'string':
        return stripSecrets(value);
      case 'object':
        return value === null ? null : this.#object(value, depth + 1);
      case 'bigint':
        return value.toString();
      case 'number':
      case 'boolean':
        return value;
      default:
        return undefined;
    }
  }

  #object(value: object, depth: number): unknown {
    if (depth > MAX_DEPTH) return CUT;
    if (isError(value)) return errorRecord(value);
    if (Array.isArray(value)) return value.slice(0, this.#valuesLeft).map((item: unknown) => this.#value(item, depth));
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      return this.#record(value as Record<string, unknown>, depth);
    }
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof URL) return stripSecrets(value.href);
    return `[${className(value)}]`;
  }
}

function className(value: object): string {
  const constructor: unknown = value.constructor;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'Object';
}

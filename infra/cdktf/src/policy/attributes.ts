import type { GraphResource } from './resource-graph.ts';

/** An attribute by its path, such as `versioning_configuration.status`. A block that may come once or often is entered at its first. */
export function attributeAt(resource: GraphResource, path: string): unknown {
  return valueAt(resource.attributes, path);
}

/** The same, of any part of the synthesized JSON. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => {
    const first = Array.isArray(part) && !/^\d+$/.test(key) ? (part[0] as unknown) : part;
    return isRecord(first) || Array.isArray(first) ? (first as Readonly<Record<string, unknown>>)[key] : undefined;
  }, value);
}

/** Blocks under a path: Terraform's JSON has one block as an object and several as a list. */
export function blocksAt(value: unknown, path: string): readonly Readonly<Record<string, unknown>>[] {
  const found = valueAt(value, path);
  const blocks: readonly unknown[] = Array.isArray(found) ? found : [found];
  return blocks.filter(isRecord);
}

/** The texts under a path; one text counts as a list of one. */
export function textsAt(value: unknown, path: string): readonly string[] {
  const found = valueAt(value, path);
  const items: readonly unknown[] = Array.isArray(found) ? found : [found];
  return items.filter((item) => typeof item === 'string');
}

/** A number, also where Terraform has it as text; undefined when it is neither. */
export function numberAt(value: unknown, path: string): number | undefined {
  const found = valueAt(value, path);
  if (typeof found === 'number') return found;
  return typeof found === 'string' && /^-?\d+$/.test(found) ? Number(found) : undefined;
}

/** Whether a value is an object of JSON. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All texts anywhere below a value, with the path of each. */
export function* textsBelow(value: unknown, path = ''): Generator<{ readonly path: string; readonly text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) yield* textsBelow(part, path === '' ? key : `${path}.${key}`);
  }
}

import type { ValueCodec, Versioned } from './versioned-cache.ts';

/** The generation, `+` and the value, or the generation and `-` for a known absence. Scripts in Redis read the digits alone. */
export function encodeEntry<V>({ generation, value }: Versioned<V>, codec: ValueCodec<V>): string {
  return value === undefined ? `${generation}-` : `${generation}+${codec.encode(value)}`;
}

/** `undefined` when the text is no entry or the codec does not know its value. */
export function decodeEntry<V>(text: string, codec: ValueCodec<V>): Versioned<V> | undefined {
  const generation = Number.parseInt(text, 10);
  if (!Number.isSafeInteger(generation)) return undefined;
  const digits = String(generation).length;
  if (text[digits] === '-') return { generation, value: undefined };
  try {
    return { generation, value: codec.decode(text.slice(digits + 1)) };
  } catch {
    return undefined;
  }
}

/** Throws RangeError: a generation that is none would break the order for everybody. */
export function assertGeneration(generation: number): void {
  if (!Number.isSafeInteger(generation) || generation < 0)
    throw new RangeError('A generation must be a safe integer from 0 up.');
}

/** Any value JSON can carry. */
export function jsonCodec<V>(): ValueCodec<V> {
  return { encode: (value) => JSON.stringify(value), decode: (text) => JSON.parse(text) as V };
}

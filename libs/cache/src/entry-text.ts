import type { ValueCodec, Versioned } from './versioned-cache.ts';

/**
 * The generation, and `+` with the value, `-` for a known absence, or `?` for a floor: no value, but nothing older may
 * come. The script in Redis reads the digits and the sign.
 */
export function encodeEntry<V>({ generation, value }: Versioned<V>, codec: ValueCodec<V>): string {
  return value === undefined ? `${generation}-` : `${generation}+${codec.encode(value)}`;
}

/** What keeps older generations out, and has this one or a newer loaded. */
export function encodeFloor(generation: number): string {
  return `${generation}?`;
}

/** Whether the text is a floor. */
export function isFloor(text: string): boolean {
  return text.endsWith('?') && /^\d+\?$/.test(text);
}

/** `undefined` when there is no value to be had: it is a floor, no entry, or unknown to the codec. */
export function decodeEntry<V>(text: string, codec: ValueCodec<V>): Versioned<V> | undefined {
  const generation = Number.parseInt(text, 10);
  if (!Number.isSafeInteger(generation)) return undefined;
  const digits = String(generation).length;
  if (text[digits] === '-') return { generation, value: undefined };
  if (text[digits] !== '+') return undefined;
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

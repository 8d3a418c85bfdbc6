import type { Versioned } from '../versioned-cache.ts';

/** An entry of a generation, with a value that tells which. */
export function at(generation: number, value = `v${generation}`): Versioned<string> {
  return { generation, value };
}

/** That there was nothing at a generation. */
export function absentAt(generation: number): Versioned<string> {
  return { generation, value: undefined };
}

import type { Shard } from '../shard.ts';

/** A place in the order of keys, which is the order of ids as well: both are compared byte by byte. */
export interface ListingPosition {
  /** In the store; any text. */
  readonly key: string;
  /** Among the rows. */
  readonly id: string;
}

/** The part of all keys that one shard compares: those after `after`, up to and including `until`. */
export interface KeyRange {
  readonly after: ListingPosition;
  readonly until: ListingPosition;
}

const boundLength = 8;
const bounds = 2 ** 32;
/** Above every key, as these are ASCII. */
const lastKey = '\u{7f}';
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Cuts the keys into ranges of equal width by their first 32 bits: a listing can begin anywhere, so that a shard lists its own
 * range alone. Blob ids are random there.
 */
export function keyRangeOf({ index, count }: Shard): KeyRange {
  return {
    after: index === 0 ? { key: '', id: toLowestId('00000000') } : boundOf(index, count),
    until: index + 1 === count ? { key: lastKey, id: lastId } : boundOf(index + 1, count),
  };
}

function boundOf(index: number, count: number): ListingPosition {
  const key = Math.floor((index * bounds) / count)
    .toString(16)
    .padStart(boundLength, '0');
  return { key, id: toLowestId(key) };
}

/** No blob has this id: ids of versions 4 and 7 have bits set behind it. */
function toLowestId(bound: string): string {
  return `${bound}-0000-0000-0000-000000000000`;
}

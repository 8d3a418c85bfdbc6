/** The part of a job's work that one process does: part `index` of `count`, counted from 0. */
export interface Shard {
  readonly index: number;
  /** From 1 to 1000. */
  readonly count: number;
}

/** All of the work. */
export const wholeJob: Shard = { index: 0, count: 1 };

const mostShards = 1000;
const decimal = /^\d{1,4}$/;

/** Reads `i/n`, such as `0/4`; undefined when it is none with 0 ≤ i < n ≤ 1000. */
export function parseShard(text: string): Shard | undefined {
  const [index = '', count = '', ...rest] = text.split('/');
  if (rest.length > 0 || !decimal.test(index) || !decimal.test(count)) return undefined;
  const shard = { index: Number(index), count: Number(count) };
  return shard.index < shard.count && shard.count <= mostShards ? shard : undefined;
}

/** `i/n` */
export function formatShard({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/**
 * The shard of `count` that a row with this id belongs to, as `shard_of` in the database says it: ids are UUIDs of
 * version 7, which begin with the time, so their last 28 bits decide.
 */
export function shardOf(id: string, count: number): number {
  return Number.parseInt(id.slice(-7), 16) % count;
}

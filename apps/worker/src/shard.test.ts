import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import { formatShard, parseShard, shardOf } from './shard.ts';

describe('parseShard', () => {
  it('reads back what was written', () => {
    const shards = fc
      .integer({ min: 1, max: 1000 })
      .chain((count) => fc.record({ index: fc.integer({ min: 0, max: count - 1 }), count: fc.constant(count) }));
    fc.assert(fc.property(shards, (shard) => expect(parseShard(formatShard(shard))).toEqual(shard)));
  });

  it.each(['', '1', '/', '0/0', '1/1', '-1/2', '0/1001', '0/2/3', '0.0/2', ' 0/2', '0/2 ', 'a/b', '0x0/2', '1e0/2'])(
    'refuses "%s"',
    (text) => expect(parseShard(text)).toBeUndefined(),
  );
});

describe('shardOf', () => {
  it('gives every id to one shard, each of them about as many', () => {
    const counts = [0, 0, 0, 0];
    for (let made = 0; made < 4000; made += 1) {
      const index = shardOf(newId(), counts.length);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(250);
  });
});

import { httpSide, type Load } from '../bench.ts';
import { measurePair } from '../pair.ts';
import { keysOf, seededBuckets } from '../seeded-buckets.ts';

const FLOOR_KEYS = 20_000;

/** What is said of objects nobody asked for before: each request another one. */
export const metadataCold: Load = async (bench) => {
  const { account, api, queryFloor, options } = bench;
  const { many } = await seededBuckets(bench);
  const floorKey = keysOf(many);
  const values = Array.from({ length: FLOOR_KEYS }, () => [many.id, floorKey()]);
  const text =
    'select id, key, current_version_id, generation, modified_at from objects where bucket_id = $1 and key = $2';
  const nextKey = keysOf(many);
  const headers = account.authorization;
  return measurePair(
    {
      work: 'metadata of an object, cache cold',
      floor: {
        pid: queryFloor.pid,
        run: (callers, durationMs) => queryFloor.run({ name: 'one_row', text, values, rows: 1, callers, durationMs }),
      },
      subject: httpSide(api, () => ({ method: 'HEAD', path: `/v1/buckets/many/objects/${nextKey()}`, headers })),
      unit: 'requests',
      least: 0.5,
    },
    options.rounds,
  );
};

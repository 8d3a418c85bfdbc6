import { httpSide, type Load } from '../bench.ts';
import { oneRow } from '../floors/floor-queries.ts';
import { measurePair } from '../pair.ts';
import { keysOf, seededBuckets } from '../seeded-buckets.ts';

const FLOOR_KEYS = 20_000;

/** What is said of objects nobody asked for before: each request another one. */
export const metadataCold: Load = async (bench) => {
  const { account, api, httpFloor, queryFloor, options } = bench;
  const { many } = await seededBuckets(bench);
  const floorKey = keysOf(many);
  const values = Array.from({ length: FLOOR_KEYS }, () => [many.id, floorKey()]);
  const [nextKey, nextFloorKey] = [keysOf(many), keysOf(many)];
  const headers = account.authorization;
  const subject = httpSide(api, () => ({ method: 'HEAD', path: `/v1/buckets/many/objects/${nextKey()}`, headers }));
  const common = { subject, unit: 'requests' as const, least: 0.5 };
  const besideDriver = await measurePair(
    {
      ...common,
      work: 'metadata of an object, cache cold',
      floor: {
        pid: queryFloor.pid,
        run: (callers, durationMs) => queryFloor.run({ ...oneRow, values, rows: 1, callers, durationMs }),
      },
    },
    options.rounds,
  );
  const floor = httpSide(httpFloor, () => ({ method: 'GET', path: `/row/${many.id}/${nextFloorKey()}` }));
  const work = 'metadata of an object, cache cold, beside pg behind node:http';
  return [...besideDriver, ...(await measurePair({ ...common, work, floor }, options.rounds))];
};

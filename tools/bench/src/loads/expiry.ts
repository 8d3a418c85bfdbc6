import type { Bench, Load } from '../bench.ts';
import type { Row } from '../row.ts';
import { seedObjects } from '../seed-objects.ts';
import { seedTrash } from '../seed-trash.ts';
import { toSpread } from '../statistics.ts';
import { runJob, type JobMeasurement } from '../worker-process.ts';

const MIB = 1024 ** 2;
const MOST_MIB = 150;
const LEAST_SPEEDUP = 1.6;
const MOST_VERSIONS = 1_000_000;

/** The job that ends retention: how fast and in how much memory, and what a second shard adds. */
export const expiry: Load = async (bench) => {
  const versions = Math.min(bench.options.manyKeys, MOST_VERSIONS);
  const bucketId = await bench.account.createBucket('expiry');
  // What is kept is a fifth of what goes: the job must not read it.
  await seedObjects(bench.services.databaseUrl, bucketId, versions / 5);
  const expire: Expire = async (count, shards) => {
    await seedTrash(bench.services.databaseUrl, bucketId, count);
    return expireAll(bench, count, shards);
  };
  return [...toRows(await expire(versions, 1)), await compareShards(expire, versions / 4, bench.options.rounds.rounds)];
};

/** Makes so many versions expire and has so many shards remove them. */
type Expire = (versions: number, shards: number) => Promise<JobMeasurement>;

async function expireAll({ environment }: Bench, versions: number, shards: number): Promise<JobMeasurement> {
  const measured = await runJob('expire-objects', shards, environment);
  if (measured.counts.versions !== versions)
    throw new Error(`${String(measured.counts.versions)} versions were removed`);
  return measured;
}

function toRows({ counts: { versions = 0 }, seconds, peakBytes }: JobMeasurement): readonly Row[] {
  const perSecond = Math.round(versions / seconds);
  const mib = Math.round(peakBytes / MIB);
  return [
    {
      work: `expire-objects: ${versions} versions`,
      ...{ floor: '–', subject: `${perSecond}/s, ${Math.round(seconds)} s`, ratio: '–', budget: '–', passes: true },
      figures: { versions, perSecond, seconds },
    },
    {
      work: 'expire-objects: memory',
      ...{ floor: '–', subject: `${mib} MiB`, ratio: '–', budget: `≤ ${MOST_MIB} MiB`, passes: mib <= MOST_MIB },
      figures: { bytes: peakBytes },
    },
  ];
}

/** One shard and two, in turns. */
async function compareShards(expire: Expire, versions: number, rounds: number): Promise<Row> {
  const [ones, twos, speedups]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 2) {
    const one = versions / (await expire(versions, 1)).seconds;
    const two = versions / (await expire(versions, 2)).seconds;
    ones.push(one);
    twos.push(two);
    speedups.push(two / one);
  }
  const { median, least, most } = toSpread(speedups);
  return {
    work: 'expire-objects: two shards',
    floor: `one: ${Math.round(toSpread(ones).median)}/s`,
    subject: `${Math.round(toSpread(twos).median)}/s`,
    ratio: `${median.toFixed(2)} × (${least.toFixed(2)}–${most.toFixed(2)})`,
    budget: `≥ ${LEAST_SPEEDUP} ×`,
    passes: median >= LEAST_SPEEDUP,
    figures: { median, least, most },
  };
}

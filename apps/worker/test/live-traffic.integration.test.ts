import { describe, expect, it } from '@jest/globals';
import { blobStates, countedBy } from './blob-states.ts';
import { givenBlobs } from './given-blobs.ts';
import { blobStoreKinds, givenStores, storedKeys } from './given.ts';
import { LiveTraffic } from './live-traffic.ts';
import { runWorkerProcess, type WorkerExit } from './spawn-worker.ts';

const runs = 4;
const given = 300;
const jobs = [
  { job: 'verify-blobs', env: { VERIFY_AFTER_HOURS: '0' } },
  { job: 'reconcile-storage', env: { ORPHAN_GRACE_HOURS: '0.0000001' } },
] as const;

describe.each(blobStoreKinds)('beside a live API and collector on %s', (kind) => {
  it.each(jobs)('$job misjudges no blob, though none is too young for it', async ({ job, env }) => {
    await using stores = await givenStores(kind);
    await givenBlobs(stores, given);
    await using traffic = await LiveTraffic.start(stores, 4);
    for (let run = 0; run < runs; run += 1) {
      const exit = await runWorkerProcess(stores, [job, '--json'], { env });
      expect({ code: exit.code, faults: faultsIn(exit) }).toEqual({ code: 0, faults: [] });
    }
    expect(await traffic.end()).toEqual([]);
    expect([traffic.stored > 0, traffic.deleted > 0]).toEqual([true, true]);
    const states = await blobStates(stores);
    expect(states.filter(({ state, fault }) => state !== 'live' || fault !== null)).toEqual([]);
    expect(states.map(({ id }) => id)).toEqual(await storedKeys(stores));
    const { intact = 0, matched = 0 } = await countedBy(stores, job);
    expect(intact + matched).toBeGreaterThanOrEqual(runs * given);
  });
});

function faultsIn({ stderr }: WorkerExit): readonly string[] {
  return stderr.split('\n').filter((line) => /in quarantine|failed|"level":"error"/.test(line));
}

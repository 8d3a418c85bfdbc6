import { describe, expect, it, jest } from '@jest/globals';
import { blobStates, countedBy } from './blob-states.ts';
import { givenBlobs } from './given-blobs.ts';
import { blobStoreKinds, givenStores, storedKeys } from './given.ts';
import { LiveTraffic } from './live-traffic.ts';
import { runWorkerProcess, type WorkerExit } from './spawn-worker.ts';

jest.setTimeout(120_000);

const jobs = [
  { job: 'verify-blobs', env: { VERIFY_AFTER_HOURS: '0' } },
  { job: 'reconcile-storage', env: { ORPHAN_GRACE_HOURS: '0.0000001' } },
] as const;

describe.each(blobStoreKinds)('blobs that come and go on %s', (kind) => {
  it.each(jobs)('are never misjudged by $job, though nothing is too young for it', async ({ job, env }) => {
    await using stores = await givenStores(kind);
    await givenBlobs(stores, 300);
    await using traffic = new LiveTraffic(stores, 4);
    for (let run = 0; run < 4; run += 1) {
      const exit = await runWorkerProcess(stores, [job, '--json'], { env });
      expect({ code: exit.code, faults: faultsIn(exit) }).toEqual({ code: 0, faults: [] });
    }
    await traffic.end();
    const states = await blobStates(stores);
    expect(states.filter(({ state, fault }) => state !== 'live' || fault !== null)).toEqual([]);
    expect(states.map(({ id }) => id)).toEqual(await storedKeys(stores));
    expect(states).toHaveLength(300 + traffic.kept.length);
    expect(traffic.removed).toBeGreaterThan(0);
    const { intact, matched } = await countedBy(stores, job);
    expect((intact ?? 0) + (matched ?? 0)).toBeGreaterThanOrEqual(4 * 300);
  });
});

function faultsIn({ stderr }: WorkerExit): readonly string[] {
  return stderr.split('\n').filter((line) => /in quarantine|"level":"?(?:error|50)/.test(line));
}

import { expect, it } from '@jest/globals';
import { sql } from '@stowage/db';
import { CopyRace } from './copy-race.ts';
import { countRows, listFaults } from './given-trash.ts';
import { givenStores, storedKeys } from './given.ts';
import { runWorkerProcess } from './spawn-worker.ts';

it('never deletes a blob that a copy or a restore has just referred to, in 4,000 rounds, nor one within its grace', async () => {
  await using stores = await givenStores();
  const often = { rounds: 4_000, eachOutcome: 100 };
  const race = await CopyRace.prepare(stores, { ...often, writers: 5, shards: 2, graceMs: 100 });
  await race.run();

  expect(race.violations).toEqual([]);
  expect(await listFaults(stores)).toEqual([]);
  // Both sides won often enough for the rest to mean something.
  for (const wins of Object.values(race.tally)) expect(wins).toBeGreaterThanOrEqual(often.eachOutcome);

  // What is left when all is done and all time has passed: what was kept, and nothing else.
  const rest = { env: { GARBAGE_GRACE_HOURS: '0' } };
  expect((await runWorkerProcess(stores, ['expire-objects'], rest)).code).toBe(0);
  await stores.db.execute(sql('race_grace_passed')`update blobs set delete_after = now() where state = 'garbage'`);
  expect((await runWorkerProcess(stores, ['collect-garbage'], rest)).code).toBe(0);
  expect(await storedKeys(stores)).toEqual([...race.kept].sort());
  expect(await countRows(stores)).toMatchObject({ live: race.kept.size, pending: 0, garbage: 0 });
  expect(await listFaults(stores)).toEqual([]);
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { shardOf, wholeJob } from '../shard.ts';
import type { BlobFault } from './blob-fault.ts';
import type { SettledVerdict, Verdict } from './verdict.ts';
import type { DueBlob, DueQuery, VerifyBlobsRepository } from './verify-blobs-repository.ts';

export interface GivenRow {
  /** @default 'live' */
  readonly state?: 'live' | 'garbage';
  readonly createdAt: Date;
  readonly verifiedAt?: Date;
  readonly fault?: BlobFault;
}

export interface VerifyBlobsSubject {
  readonly repository: VerifyBlobsRepository;
  /** Adds a blob of 3 bytes whose SHA-256 is `ab` 32 times; its id. */
  givenRow(row: GivenRow): Promise<string>;
}

const hourMs = 3_600_000;
const past = (hours: number): Date => new Date(Date.now() - hours * hourMs);

/** What every VerifyBlobsRepository does. `open` answers an empty one. */
export function describeVerifyBlobsRepository(name: string, open: () => Promise<VerifyBlobsSubject>): void {
  describe(name, () => {
    let subject: VerifyBlobsSubject;
    let repository: VerifyBlobsRepository;
    beforeEach(async () => {
      subject = await open();
      ({ repository } = subject);
    });

    const list = async (query: Partial<DueQuery> = {}): Promise<readonly DueBlob[]> =>
      repository.listDue({ before: past(10), after: undefined, limit: 100, ...query });
    const idsOf = (blobs: readonly DueBlob[]): readonly string[] => blobs.map(({ id }) => id);
    const settle = (verdicts: readonly Verdict[], dryRun = false): Promise<readonly SettledVerdict[]> =>
      repository.settle(verdicts, { dryRun, record: async () => undefined });

    it('lists quarantine first, then what was unverified for the longest time, and nothing of late', async () => {
      const fresh = await subject.givenRow({ createdAt: past(9) });
      const verified = await subject.givenRow({ createdAt: past(90), verifiedAt: past(11) });
      const reverified = await subject.givenRow({ createdAt: past(90), verifiedAt: past(9) });
      const old = await subject.givenRow({ createdAt: past(80) });
      const damaged = await subject.givenRow({ createdAt: past(1), fault: 'missing' });
      const garbage = await subject.givenRow({ createdAt: past(80), state: 'garbage' });
      const due = await list();
      expect(idsOf(due)).toEqual([damaged, old, verified]);
      expect(due[1]).toMatchObject({ sizeBytes: 3, sha256: 'ab'.repeat(32) });
      expect(idsOf(due)).not.toEqual(expect.arrayContaining([fresh, reverified, garbage]));
      expect(await repository.countDue({ shard: wholeJob, before: past(10), after: undefined, limit: 100 })).toBe(3);
    });

    it('pages: each blob once, also where many were stored at the same time', async () => {
      const createdAt = past(20);
      const ids = [];
      for (let row = 0; row < 25; row += 1) ids.push(await subject.givenRow({ createdAt }));
      for (let row = 0; row < 5; row += 1) ids.push(await subject.givenRow({ createdAt, fault: 'wrong-size' }));
      const listed: string[] = [];
      for (let page = await list({ limit: 4 }); page.length > 0;) {
        listed.push(...idsOf(page));
        page = await list({ limit: 4, after: page.at(-1)?.position });
      }
      expect([...listed].sort()).toEqual(ids.sort());
    });

    it('counts what is due in a shard, up to the limit', async () => {
      const ids = [];
      for (let row = 0; row < 20; row += 1) ids.push(await subject.givenRow({ createdAt: past(20) }));
      const query = { before: past(10), after: undefined };
      for (const index of [0, 1, 2]) {
        const count = await repository.countDue({ ...query, shard: { index, count: 3 }, limit: 100 });
        expect(count).toBe(ids.filter((id) => shardOf(id, 3) === index).length);
      }
      expect(await repository.countDue({ ...query, shard: wholeJob, limit: 7 })).toBe(7);
    });

    it('puts verdicts into force: into quarantine, out of it, and to the end of the ring', async () => {
      const good = await subject.givenRow({ createdAt: past(50) });
      const damaged = await subject.givenRow({ createdAt: past(40) });
      const repaired = await subject.givenRow({ createdAt: past(30), fault: 'missing' });
      const still = await subject.givenRow({ createdAt: past(20), fault: 'missing' });
      const settled = await settle([
        { id: repaired, fault: undefined },
        { id: good, fault: undefined },
        { id: damaged, fault: 'wrong-content' },
        { id: still, fault: 'wrong-size' },
      ]);
      expect(settled).toEqual([
        { id: repaired, fault: undefined, wasLive: true, wasQuarantined: true },
        { id: good, fault: undefined, wasLive: true, wasQuarantined: false },
        { id: damaged, fault: 'wrong-content', wasLive: true, wasQuarantined: false },
        { id: still, fault: 'wrong-size', wasLive: true, wasQuarantined: true },
      ]);
      const due = await list({ before: new Date(Date.now() + hourMs) });
      expect(new Set(idsOf(due.slice(0, 2)))).toEqual(new Set([damaged, still]));
      expect(new Set(idsOf(due.slice(2)))).toEqual(new Set([good, repaired]));
      expect((await repository.readState(wholeJob)).quarantined).toEqual({
        ...{ missing: 0, 'wrong-size': 1, 'wrong-content': 1 },
      });
    });

    it('leaves alone what is no longer live', async () => {
      const garbage = await subject.givenRow({ createdAt: past(50), state: 'garbage' });
      const gone = newId();
      const settled = await settle([
        { id: garbage, fault: 'missing' },
        { id: gone, fault: undefined },
      ]);
      expect(settled.map(({ wasLive }) => wasLive)).toEqual([false, false]);
      expect((await repository.readState(wholeJob)).quarantined.missing).toBe(0);
    });

    it('changes nothing in a dry run, and nothing when the record is refused', async () => {
      const blob = await subject.givenRow({ createdAt: past(50) });
      const dry = await settle([{ id: blob, fault: 'missing' }], true);
      expect(dry).toEqual([{ id: blob, fault: 'missing', wasLive: true, wasQuarantined: false }]);
      const refuse = (): Promise<void> => Promise.reject(new Error('taken over'));
      const refused = repository.settle([{ id: blob, fault: 'missing' }], { dryRun: false, record: refuse });
      await expect(refused).rejects.toThrow('taken over');
      expect((await repository.readState(wholeJob)).quarantined.missing).toBe(0);
      expect(idsOf(await list())).toEqual([blob]);
    });

    it('knows since when the longest has waited', async () => {
      expect((await repository.readState(wholeJob)).longestUnverifiedSince).toBeUndefined();
      await subject.givenRow({ createdAt: past(99), fault: 'missing' });
      await subject.givenRow({ createdAt: past(98), verifiedAt: past(3) });
      const createdAt = past(20);
      await subject.givenRow({ createdAt });
      expect((await repository.readState(wholeJob)).longestUnverifiedSince).toEqual(createdAt);
    });
  });
}

import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IdempotencyRepository, NewClaim } from './idempotency-repository.ts';

/** What every IdempotencyRepository does. */
export function describeIdempotencyRepository(
  name: string,
  open: () => Promise<AsyncDisposable & { readonly keys: IdempotencyRepository }>,
): void {
  describe(name, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let keys: IdempotencyRepository;
    beforeAll(async () => {
      opened = await open();
      ({ keys } = opened);
    });
    afterAll(async () => {
      await opened[Symbol.asyncDispose]();
    });

    const answer = { status: 201, response: Buffer.from('sealed answer') };

    /** Another request with the key of `claim`. */
    const again = (claim: NewClaim, fields: Partial<NewClaim> = {}): NewClaim => ({
      ...givenClaim(),
      ...{ keyHash: claim.keyHash, fingerprint: claim.fingerprint },
      ...fields,
    });

    it('is claimed with its own seed and time', async () => {
      const claim = givenClaim();
      expect(await keys.claim(claim)).toEqual({ state: 'claimed', seed: claim.seed, startedAt: claim.startedAt });
    });

    it('runs until it is finished, and keeps its answer', async () => {
      const claim = givenClaim();
      const { fingerprint } = claim;
      await keys.claim(claim);
      expect(await keys.claim(again(claim))).toEqual({ state: 'running', fingerprint });
      expect(await keys.finish(claim, answer)).toBe(true);
      const finished = { state: 'finished', fingerprint, response: answer.response };
      expect(await keys.claim(again(claim))).toEqual(finished);
      // Whoever asks: it is told apart by the fingerprint.
      expect(await keys.claim(again(claim, { fingerprint: randomBytes(32) }))).toEqual(finished);
    });

    it('is claimed by one of many that come at the same time', async () => {
      const claim = givenClaim();
      const claims = await Promise.all(Array.from({ length: 50 }, () => keys.claim(again(claim))));
      expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1);
      expect(claims.filter(({ state }) => state === 'running')).toHaveLength(49);
    });

    it('is taken over when its lock has run out, with the first seed and time', async () => {
      const { seed, startedAt, ...rest } = givenClaim({ lockMs: 0 });
      const first = { seed, startedAt, ...rest };
      await keys.claim(first);
      const second = again(first);
      expect(await keys.claim(second)).toEqual({ state: 'claimed', seed, startedAt });
      expect(await keys.claim(again(first))).toMatchObject({ state: 'running' });
      expect(await keys.finish(first, answer)).toBe(false);
      await keys.release(first);
      expect(await keys.claim(again(first))).toMatchObject({ state: 'running' });
      expect(await keys.finish(second, answer)).toBe(true);
    });

    it('is taken over by one of many that come at the same time', async () => {
      const claim = givenClaim({ lockMs: 0 });
      await keys.claim(claim);
      const claims = await Promise.all(Array.from({ length: 20 }, () => keys.claim(again(claim))));
      expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1);
    });

    it('is not taken over by another request', async () => {
      const claim = givenClaim({ lockMs: 0 });
      const { fingerprint } = claim;
      await keys.claim(claim);
      expect(await keys.claim(again(claim, { fingerprint: randomBytes(32) }))).toEqual({
        state: 'running',
        fingerprint,
      });
    });

    it('can be claimed at once after it was released', async () => {
      const claim = givenClaim();
      await keys.claim(claim);
      await keys.release(claim);
      expect(await keys.claim(again(claim))).toEqual({
        state: 'claimed',
        seed: claim.seed,
        startedAt: claim.startedAt,
      });
    });

    it('keeps its answer when it is released late', async () => {
      const claim = givenClaim();
      await keys.claim(claim);
      await keys.finish(claim, answer);
      await keys.release(claim);
      expect(await keys.claim(again(claim))).toMatchObject({ state: 'finished' });
    });

    it('is like new once it has expired', async () => {
      const old = givenClaim({ lifetimeMs: 0 });
      await keys.claim(old);
      await keys.finish(old, answer);
      const claim = again(old, { fingerprint: randomBytes(32) });
      expect(await keys.claim(claim)).toEqual({ state: 'claimed', seed: claim.seed, startedAt: claim.startedAt });
      expect(await keys.claim(again(claim))).toEqual({ state: 'running', fingerprint: claim.fingerprint });
    });

    it('is claimed and finished once when nobody knows whether it was', async () => {
      const claim = givenClaim();
      const claimed = await keys.claim(claim);
      expect(await keys.claim(claim)).toEqual(claimed);
      expect(await keys.finish(claim, answer)).toBe(true);
      expect(await keys.finish(claim, answer)).toBe(true);
    });
  });
}

function givenClaim(fields: Partial<NewClaim> = {}): NewClaim {
  return {
    ...{ keyHash: randomBytes(32), claimId: randomUUID(), fingerprint: randomBytes(32), seed: randomBytes(60) },
    ...{ startedAt: new Date('2026-01-02T03:04:05.678Z'), lockMs: 60_000, lifetimeMs: 60_000 },
    ...fields,
  };
}

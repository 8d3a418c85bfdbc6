import type { Claim, Holder, IdempotencyRepository, NewClaim } from './idempotency-repository.ts';

interface MemoryRow {
  readonly claim: NewClaim;
  readonly lockedUntilMs: number;
  readonly expiresAtMs: number;
  readonly response?: Buffer;
}

export class MemoryIdempotencyRepository implements IdempotencyRepository {
  readonly #rows = new Map<string, MemoryRow>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  async claim(claim: NewClaim): Promise<Claim> {
    const now = this.#nowMs();
    const row = this.#rows.get(claim.keyHash.toString('hex'));
    const lockedUntilMs = now + claim.lockMs;
    if (row === undefined || row.expiresAtMs <= now) {
      this.#save({ claim, lockedUntilMs, expiresAtMs: now + claim.lifetimeMs });
      return { state: 'claimed', seed: claim.seed, startedAt: claim.startedAt };
    }
    const { fingerprint, seed, startedAt, claimId } = row.claim;
    if (row.response !== undefined) return { state: 'finished', fingerprint, response: row.response };
    const isFree = row.lockedUntilMs <= now || claimId === claim.claimId;
    if (!isFree || !fingerprint.equals(claim.fingerprint)) return { state: 'running', fingerprint };
    this.#save({ ...row, claim: { ...claim, seed, startedAt }, lockedUntilMs });
    return { state: 'claimed', seed, startedAt };
  }

  async finish(holder: Holder, { response }: { readonly status: number; readonly response: Buffer }): Promise<boolean> {
    const row = this.#held(holder);
    if (row !== undefined) this.#save({ ...row, response });
    return row !== undefined;
  }

  async release(holder: Holder): Promise<void> {
    const row = this.#held(holder);
    if (row !== undefined) this.#save({ ...row, lockedUntilMs: this.#nowMs() });
  }

  #held({ keyHash, claimId }: Holder): MemoryRow | undefined {
    const row = this.#rows.get(keyHash.toString('hex'));
    return row?.claim.claimId === claimId ? row : undefined;
  }

  #save(row: MemoryRow): void {
    this.#rows.set(row.claim.keyHash.toString('hex'), row);
  }
}

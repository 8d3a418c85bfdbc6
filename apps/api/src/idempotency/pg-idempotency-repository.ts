import { sql, type Db } from '@stowage/db';
import type { Claim, Holder, IdempotencyRepository, NewClaim } from './idempotency-repository.ts';

interface ClaimRow {
  readonly claimed: boolean;
  readonly fingerprint: Buffer;
  readonly seed: Buffer;
  readonly startedAt: Date;
  readonly response: Buffer | null;
}

/** Every statement may be repeated when nobody knows whether it ran: the claim id makes it the same. */
const repeatable = { repeatable: true };

export class PgIdempotencyRepository implements IdempotencyRepository {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async claim(claim: NewClaim): Promise<Claim> {
    let row: ClaimRow | undefined;
    // Nothing is answered when the row was committed between the statement's snapshot and its insert: the next snapshot has it.
    while (row === undefined) row = await this.#tryClaim(claim);
    const { claimed, fingerprint, seed, startedAt, response } = row;
    if (claimed) return { state: 'claimed', seed, startedAt };
    return response === null ? { state: 'running', fingerprint } : { state: 'finished', fingerprint, response };
  }

  async finish({ keyHash, claimId }: Holder, answer: { status: number; response: Buffer }): Promise<boolean> {
    const updated = await this.#db.execute(sql('finish_idempotency_key', repeatable)`
      update idempotency_keys set status = ${answer.status}, response = ${answer.response}
      where key_hash = ${keyHash} and claim_id = ${claimId}`);
    return updated === 1;
  }

  async release({ keyHash, claimId }: Holder): Promise<void> {
    await this.#db.execute(sql('release_idempotency_key', repeatable)`
      update idempotency_keys set locked_until = now()
      where key_hash = ${keyHash} and claim_id = ${claimId} and status is null`);
  }

  async #tryClaim(claim: NewClaim): Promise<ClaimRow | undefined> {
    const { keyHash, claimId, fingerprint, seed, startedAt, lockMs, lifetimeMs } = claim;
    return this.#db.row<ClaimRow>(sql('claim_idempotency_key', repeatable)`
      with claimed as (
        insert into idempotency_keys as k
          (key_hash, claim_id, fingerprint, seed, started_at, locked_until, expires_at)
        values (${keyHash}, ${claimId}, ${fingerprint}, ${seed}, ${startedAt},
          now() + ${lockMs}::float8 * interval '1 millisecond', now() + ${lifetimeMs}::float8 * interval '1 millisecond')
        on conflict on constraint idempotency_keys_pkey do update set
          claim_id = excluded.claim_id,
          fingerprint = excluded.fingerprint,
          seed = case when k.expires_at <= now() then excluded.seed else k.seed end,
          started_at = case when k.expires_at <= now() then excluded.started_at else k.started_at end,
          locked_until = excluded.locked_until,
          status = null,
          response = null,
          expires_at = case when k.expires_at <= now() then excluded.expires_at else k.expires_at end
        where k.expires_at <= now()
          or (k.status is null and k.fingerprint = excluded.fingerprint
            and (k.locked_until <= now() or k.claim_id = excluded.claim_id))
        returning fingerprint, seed, started_at
      )
      select true as claimed, fingerprint, seed, started_at as "startedAt", null::bytea as response from claimed
      union all
      select false, fingerprint, seed, started_at, response from idempotency_keys
      where key_hash = ${keyHash} and not exists (select from claimed)`);
  }
}

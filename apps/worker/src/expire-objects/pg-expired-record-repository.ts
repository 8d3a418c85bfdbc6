import { sql, type Db, type SqlStatement, type TransactionalDb } from '@stowage/db';
import type { Shard } from '../shard.ts';
import type { ExpiredRecordRepository, ExpiringKind, RecordBatch, RecordRemoval } from './expired-record-repository.ts';

interface RemovalRow {
  readonly removed: number;
  readonly through: string | null;
}

export class PgExpiredRecordRepository implements ExpiredRecordRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async count(kind: ExpiringKind, shard: Shard): Promise<number> {
    const row = await this.#db.row<{ count: number }>(countStatements[kind](shard));
    return row?.count ?? 0;
  }

  async removeSome(
    kind: ExpiringKind,
    batch: RecordBatch,
    record: (tx: Db, removed: number) => Promise<void>,
  ): Promise<RecordRemoval> {
    return this.#db.transaction(async (tx) => {
      const row = await tx.row<RemovalRow>(removeStatements[kind](batch));
      const removed = row?.removed ?? 0;
      await record(tx, removed);
      return { removed, through: row?.through ?? undefined };
    });
  }
}

const countStatements: Readonly<Record<ExpiringKind, (shard: Shard) => SqlStatement>> = {
  'idempotency-keys': ({ index, count }) => sql('count_expired_idempotency_keys')`
    select count(*) as count from idempotency_keys where expires_at <= now() and shard_of(claim_id, ${count}) = ${index}`,
  sessions: ({ index, count }) => sql('count_expired_sessions')`
    select count(*) as count from sessions where expires_at <= now() and shard_of(id, ${count}) = ${index}`,
  'access-tokens': ({ index, count }) => sql('count_expired_access_tokens')`
    select count(*) as count from access_tokens where expires_at <= now() and shard_of(id, ${count}) = ${index}`,
  invitations: ({ index, count }) => sql('count_expired_invitations')`
    select count(*) as count from invitations where expires_at <= now() and shard_of(id, ${count}) = ${index}`,
};

const removeStatements: Readonly<Record<ExpiringKind, (batch: RecordBatch) => SqlStatement>> = {
  'idempotency-keys': ({ shard, from, limit }) => sql('remove_expired_idempotency_keys')`
    with removed as (
      delete from idempotency_keys where key_hash in (
        select key_hash from idempotency_keys
        where expires_at <= now() and expires_at >= ${from ?? '-infinity'}
          and shard_of(claim_id, ${shard.count}) = ${shard.index}
        order by expires_at limit ${limit} for update skip locked)
      returning expires_at
    )
    select count(*) as removed, max(expires_at)::text as through from removed`,
  sessions: ({ shard, from, limit }) => sql('remove_expired_sessions')`
    with removed as (
      delete from sessions where id in (
        select id from sessions
        where expires_at <= now() and expires_at >= ${from ?? '-infinity'} and shard_of(id, ${shard.count}) = ${shard.index}
        order by expires_at limit ${limit} for update skip locked)
      returning expires_at
    )
    select count(*) as removed, max(expires_at)::text as through from removed`,
  'access-tokens': ({ shard, from, limit }) => sql('remove_expired_access_tokens')`
    with removed as (
      delete from access_tokens where id in (
        select id from access_tokens
        where expires_at <= now() and expires_at >= ${from ?? '-infinity'} and shard_of(id, ${shard.count}) = ${shard.index}
        order by expires_at limit ${limit} for update skip locked)
      returning expires_at
    )
    select count(*) as removed, max(expires_at)::text as through from removed`,
  invitations: ({ shard, from, limit }) => sql('remove_expired_invitations')`
    with removed as (
      delete from invitations where id in (
        select id from invitations
        where expires_at <= now() and expires_at >= ${from ?? '-infinity'} and shard_of(id, ${shard.count}) = ${shard.index}
        order by expires_at limit ${limit} for update skip locked)
      returning expires_at
    )
    select count(*) as removed, max(expires_at)::text as through from removed`,
};

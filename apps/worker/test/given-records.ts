import { randomUUID } from 'node:crypto';
import { sql, type SqlStatement } from '@stowage/db';
import { v7 as newId } from 'uuid';
import type { ExpiringKind } from '../src/expire-objects/expired-record-repository.ts';
import { givenAccount, type Stores } from './given.ts';

export interface RecordFields {
  readonly kind: ExpiringKind;
  /** @default a new one */
  readonly id?: string;
  readonly expiresAt: Date;
}

/** Something that expires, of an account of its own. */
export async function givenRecord(stores: Stores, { kind, id = newId(), expiresAt }: RecordFields): Promise<void> {
  const owner = await givenAccount(stores);
  await stores.db.execute(statementFor({ kind, id, expiresAt, ...owner }));
}

function statementFor({ kind, id, expiresAt, accountId, userId }: GivenRecord): SqlStatement {
  const hash = Buffer.from(randomUUID());
  switch (kind) {
    case 'sessions':
      return sql('given_session')`
        insert into sessions (id, account_id, user_id, token_hash, address, user_agent, expires_at)
        values (${id}, ${accountId}, ${userId}, ${hash}, '', '', ${expiresAt})`;
    case 'access-tokens':
      return sql('given_access_token')`
        insert into access_tokens (id, account_id, user_id, name, token_hash, scopes, expires_at)
        values (${id}, ${accountId}, ${userId}, '', ${hash}, '{read}', ${expiresAt})`;
    case 'invitations':
      return sql('given_invitation')`
        insert into invitations (id, account_id, email, role, token_hash, expires_at)
        values (${id}, ${accountId}, '', 'member', ${hash}, ${expiresAt})`;
    case 'idempotency-keys':
      return sql('given_idempotency_key')`
        insert into idempotency_keys (key_hash, claim_id, fingerprint, seed, started_at, locked_until, expires_at)
        values (${hash}, ${id}, '', '', now(), now(), ${expiresAt})`;
  }
}

interface GivenRecord extends Required<RecordFields> {
  readonly accountId: string;
  readonly userId: string;
}

import { sql, type Db } from '@stowage/db';
import { beforeEveryId, toPage, type Page, type PageRequest } from '../http/page-cursor.ts';
import type { Role } from '../http/principal.ts';
import { toSessionCredential, type SessionCredential } from './credential.ts';
import type { SessionRepository, SessionSecrets } from './session-repository.ts';
import type { Session } from './session.ts';

interface CredentialRow {
  readonly id: string;
  readonly accountId: string;
  readonly userId: string;
  readonly role: Role;
  readonly expiresAt: Date;
}

export class PgSessionRepository implements SessionRepository {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async insert(session: Session, { tokenHash, passwordHash }: SessionSecrets): Promise<boolean> {
    // The lock makes a change of the password or the role wait, or this wait for it: it ends every session there is.
    const inserted = await this.#db.execute(sql('insert_session')`
      insert into sessions (id, account_id, user_id, token_hash, address, user_agent, created_at, expires_at)
      select ${session.id}::uuid, account_id, id, ${Buffer.from(tokenHash, 'base64url')}::bytea, ${session.address}::text,
        ${session.userAgent}::text, ${session.createdAt}::timestamptz, ${session.expiresAt}::timestamptz
      from users where id = ${session.userId} and password_hash = ${passwordHash} for share`);
    return inserted === 1;
  }

  async find(tokenHash: string): Promise<SessionCredential | undefined> {
    const row = await this.#db.row<CredentialRow>(sql('find_session')`
      select sessions.id, users.account_id as "accountId", user_id as "userId", role, expires_at as "expiresAt"
      from sessions join users on users.id = user_id
      where token_hash = ${Buffer.from(tokenHash, 'base64url')}`);
    return row && toSessionCredential(row, row.role);
  }

  async list(userId: string, now: Date, { after, limit }: PageRequest): Promise<Page<Session>> {
    const found = await this.#db.rows<Session>(sql('list_sessions')`
      select id, account_id as "accountId", user_id as "userId", address, user_agent as "userAgent",
        created_at as "createdAt", expires_at as "expiresAt"
      from sessions where user_id = ${userId} and id > ${after ?? beforeEveryId} and expires_at > ${now}
      order by id limit ${limit + 1}`);
    return toPage(found, limit);
  }

  async delete(userId: string, sessionId: string): Promise<string | undefined> {
    const row = await this.#db.row<{ readonly tokenHash: Buffer }>(sql('delete_session')`
      delete from sessions where id = ${sessionId} and user_id = ${userId} returning token_hash as "tokenHash"`);
    return row?.tokenHash.toString('base64url');
  }
}

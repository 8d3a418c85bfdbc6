import { sql, UniqueViolationError, type Db } from '@stowage/db';
import { EmailTakenError } from '../accounts/account-errors.ts';
import { beforeEveryId, toPage, type Page, type PageRequest } from '../http/page-cursor.ts';
import type { User } from '../users/user.ts';
import type { InvitationRepository, InvitedUser } from './invitation-repository.ts';
import type { Invitation } from './invitation.ts';

type InvitationRow = Omit<Invitation, 'invitedBy'> & { readonly invitedBy: string | null };

export class PgInvitationRepository implements InvitationRepository {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async insert(invitation: Invitation, tokenHash: string): Promise<void> {
    const { id, accountId, email, role, invitedBy, createdAt, expiresAt } = invitation;
    const inserted = await this.#db.execute(sql('insert_invitation')`
      insert into invitations (id, account_id, email, role, token_hash, invited_by, created_at, expires_at)
      select ${id}::uuid, ${accountId}::uuid, ${email}::text, ${role}::text, ${Buffer.from(tokenHash, 'base64url')}::bytea,
        ${invitedBy ?? null}::uuid, ${createdAt}::timestamptz, ${expiresAt}::timestamptz
      where not exists (select from users where account_id = ${accountId}::uuid and email = ${email}::text)
      on conflict on constraint invitations_pkey do update set id = excluded.id`);
    if (inserted === 0) throw new EmailTakenError();
  }

  async list(accountId: string, now: Date, { after, limit }: PageRequest): Promise<Page<Invitation>> {
    const found = await this.#db.rows<InvitationRow>(sql('list_invitations')`
      select id, account_id as "accountId", email, role, invited_by as "invitedBy", created_at as "createdAt",
        expires_at as "expiresAt"
      from invitations
      where account_id = ${accountId} and id > ${after ?? beforeEveryId} and accepted_at is null and expires_at > ${now}
      order by id limit ${limit + 1}`);
    return toPage(
      found.map((row) => ({ ...row, invitedBy: row.invitedBy ?? undefined })),
      limit,
    );
  }

  async delete(accountId: string, invitationId: string): Promise<boolean> {
    const deleted = await this.#db.execute(sql('delete_invitation')`
      delete from invitations where id = ${invitationId} and account_id = ${accountId} and accepted_at is null`);
    return deleted === 1;
  }

  async isOpen(tokenHash: string, now: Date): Promise<boolean> {
    const row = await this.#db.row(sql('find_open_invitation')`
      select id from invitations
      where token_hash = ${Buffer.from(tokenHash, 'base64url')} and accepted_at is null and expires_at > ${now}`);
    return row !== undefined;
  }

  async accept(tokenHash: string, { id, passwordHash, createdAt }: InvitedUser): Promise<User | undefined> {
    try {
      return await this.#db.row<User>(sql('accept_invitation')`
        with invitation as (
          update invitations set accepted_at = ${createdAt}::timestamptz
          where token_hash = ${Buffer.from(tokenHash, 'base64url')}::bytea and accepted_at is null
            and expires_at > ${createdAt}::timestamptz
          returning account_id, email, role
        )
        insert into users (id, account_id, email, password_hash, role, created_at)
        select ${id}::uuid, account_id, email, ${passwordHash}::text, role, ${createdAt}::timestamptz from invitation
        returning id, account_id as "accountId", email, role, created_at as "createdAt"`);
    } catch (error) {
      if (error instanceof UniqueViolationError && error.constraint === 'users_email_key') {
        throw new EmailTakenError({ cause: error });
      }
      throw error;
    }
  }

  async findAccepted(tokenHash: string, userId: string): Promise<User | undefined> {
    return this.#db.row<User>(sql('find_accepted_user')`
      select u.id, u.account_id as "accountId", u.email, u.role, u.created_at as "createdAt"
      from users u join invitations i on i.account_id = u.account_id and i.email = u.email
      where u.id = ${userId} and i.token_hash = ${Buffer.from(tokenHash, 'base64url')} and i.accepted_at is not null`);
  }
}

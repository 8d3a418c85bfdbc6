import { sql, type Db, type TransactionalDb } from '@stowage/db';
import {
  toAccessTokenCredential,
  type AccessTokenChange,
  type StoredAccessToken,
} from '../access-tokens/access-token-credential.ts';
import { beforeEveryId, toPage, type Page, type PageRequest } from '../http/page-cursor.ts';
import type { CredentialChanges } from './credential-changes.ts';
import { LastOwnerError, UserNotFoundError } from './user-errors.ts';
import type { ChangedUser, PasswordChange, RoleChange, UserRepository } from './user-repository.ts';
import type { User, UserWithPassword } from './user.ts';

type UserRow = User & { readonly passwordHash: string };

export class PgUserRepository implements UserRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async find(accountId: string, userId: string): Promise<User | undefined> {
    return this.#db.row<User>(sql('find_user')`
      select id, account_id as "accountId", email, role, created_at as "createdAt"
      from users where id = ${userId} and account_id = ${accountId}`);
  }

  async findByEmail(email: string): Promise<UserWithPassword | undefined> {
    const row = await this.#db.row<UserRow>(sql('find_user_by_email')`
      select id, account_id as "accountId", email, role, created_at as "createdAt", password_hash as "passwordHash"
      from users where email = ${email}`);
    return row && toUserWithPassword(row);
  }

  async findWithPassword(userId: string): Promise<UserWithPassword | undefined> {
    const row = await this.#db.row<UserRow>(sql('find_user_with_password')`
      select id, account_id as "accountId", email, role, created_at as "createdAt", password_hash as "passwordHash"
      from users where id = ${userId}`);
    return row && toUserWithPassword(row);
  }

  async list(accountId: string, { after, limit }: PageRequest): Promise<Page<User>> {
    const found = await this.#db.rows<User>(sql('list_users')`
      select id, account_id as "accountId", email, role, created_at as "createdAt"
      from users where account_id = ${accountId} and id > ${after ?? beforeEveryId}
      order by id limit ${limit + 1}`);
    return toPage(found, limit);
  }

  async changeRole({ accountId, userId, role }: RoleChange, permit: (user: User) => void): Promise<ChangedUser> {
    return this.#db.transaction(async (db) => {
      const { user, lastOwner } = await lockUser(db, { accountId, userId, permit });
      if (user.role === role) return { user, changes: { endedSessions: [], accessTokens: [] } };
      if (lastOwner) throw new LastOwnerError();
      await db.execute(sql('change_user_role')`update users set role = ${role} where id = ${userId}`);
      const accessTokens = await renewAccessTokens(db, userId);
      return { user: { ...user, role }, changes: { endedSessions: await endSessions(db, userId), accessTokens } };
    });
  }

  async changePassword({ userId, from, to, keptSessionId }: PasswordChange): Promise<readonly string[] | undefined> {
    return this.#db.transaction(async (db) => {
      const changed = await db.execute(sql('change_user_password')`
        update users set password_hash = ${to} where id = ${userId} and password_hash = ${from}`);
      if (changed === 0) return undefined;
      const ended = await db.rows<{ readonly tokenHash: Buffer }>(sql('end_other_sessions')`
        delete from sessions where user_id = ${userId} and id <> ${keptSessionId} returning token_hash as "tokenHash"`);
      return ended.map(({ tokenHash }) => tokenHash.toString('base64url'));
    });
  }

  async remove(
    { accountId, id }: Pick<User, 'accountId' | 'id'>,
    permit: (user: User) => void,
  ): Promise<CredentialChanges> {
    return this.#db.transaction(async (db) => {
      const { lastOwner } = await lockUser(db, { accountId, userId: id, permit });
      if (lastOwner) throw new LastOwnerError();
      const changes = { endedSessions: await endSessions(db, id), accessTokens: await endAccessTokens(db, id) };
      await db.execute(sql('delete_user')`delete from users where id = ${id}`);
      return changes;
    });
  }
}

function toUserWithPassword({ passwordHash, ...user }: UserRow): UserWithPassword {
  return { user, passwordHash };
}

interface LockRequest {
  readonly accountId: string;
  readonly userId: string;
  readonly permit: (user: User) => void;
}

/**
 * Locks the user, so that no session or access token is made for it meanwhile, and the account's owners, so that two
 * of them cannot make each other the last.
 */
async function lockUser(
  db: Db,
  { accountId, userId, permit }: LockRequest,
): Promise<{ user: User; lastOwner: boolean }> {
  const locked = await db.rows<User>(sql('lock_user')`
    select id, account_id as "accountId", email, role, created_at as "createdAt"
    from users where account_id = ${accountId} and (id = ${userId} or role = 'owner')
    order by id for no key update`);
  const user = locked.find(({ id }) => id === userId);
  if (user === undefined) throw new UserNotFoundError();
  permit(user);
  return {
    user,
    lastOwner: user.role === 'owner' && locked.every(({ id, role }) => id === userId || role !== 'owner'),
  };
}

async function endSessions(db: Db, userId: string): Promise<readonly string[]> {
  const ended = await db.rows<{ readonly tokenHash: Buffer }>(
    sql('end_sessions')`delete from sessions where user_id = ${userId} returning token_hash as "tokenHash"`,
  );
  return ended.map(({ tokenHash }) => tokenHash.toString('base64url'));
}

async function renewAccessTokens(db: Db, userId: string): Promise<readonly AccessTokenChange[]> {
  const renewed = await db.rows<StoredAccessToken & { readonly tokenHash: Buffer; readonly generation: number }>(
    sql('renew_access_tokens')`
      update access_tokens set generation = nextval('generations') from users
      where access_tokens.user_id = ${userId} and users.id = access_tokens.user_id
      returning access_tokens.id, access_tokens.account_id as "accountId", access_tokens.user_id as "userId", role, scopes,
        bucket_id as "bucketId", expires_at as "expiresAt", token_hash as "tokenHash", generation`,
  );
  return renewed.map(({ tokenHash, generation, ...token }) => ({
    tokenHash: tokenHash.toString('base64url'),
    credential: { generation, value: toAccessTokenCredential(token) },
  }));
}

async function endAccessTokens(db: Db, userId: string): Promise<readonly AccessTokenChange[]> {
  const ended = await db.rows<{ readonly tokenHash: Buffer; readonly generation: number }>(sql('end_access_tokens')`
    delete from access_tokens where user_id = ${userId}
    returning token_hash as "tokenHash", nextval('generations') as generation`);
  return ended.map(({ tokenHash, generation }) => ({
    tokenHash: tokenHash.toString('base64url'),
    credential: { generation, value: undefined },
  }));
}

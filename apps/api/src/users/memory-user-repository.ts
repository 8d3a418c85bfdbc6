import { toAccessTokenCredential, type AccessTokenChange } from '../access-tokens/access-token-credential.ts';
import { nextById, type MemoryTables } from '../accounts/tables-in-memory.ts';
import { toPage, type Page, type PageRequest } from '../http/page-cursor.ts';
import type { CredentialChanges } from './credential-changes.ts';
import { LastOwnerError, UserNotFoundError } from './user-errors.ts';
import type { ChangedUser, PasswordChange, RoleChange, UserRepository } from './user-repository.ts';
import type { User, UserWithPassword } from './user.ts';

export class MemoryUserRepository implements UserRepository {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async find(accountId: string, userId: string): Promise<User | undefined> {
    const found = this.#tables.users.get(userId)?.user;
    return found?.accountId === accountId ? found : undefined;
  }

  async findByEmail(email: string): Promise<UserWithPassword | undefined> {
    return [...this.#tables.users.values()].find(({ user }) => user.email === email);
  }

  async findWithPassword(userId: string): Promise<UserWithPassword | undefined> {
    return this.#tables.users.get(userId);
  }

  async list(accountId: string, page: PageRequest): Promise<Page<User>> {
    return toPage(nextById(this.#usersOf(accountId), page), page.limit);
  }

  async changeRole({ accountId, userId, role }: RoleChange, permit: (user: User) => void): Promise<ChangedUser> {
    const { user, passwordHash } = this.#get(accountId, userId);
    permit(user);
    if (user.role === role) return { user, changes: { endedSessions: [], accessTokens: [] } };
    this.#keepAnOwner(user);
    const changed = { ...user, role };
    this.#tables.users.set(userId, { user: changed, passwordHash });
    return {
      user: changed,
      changes: { endedSessions: this.#endSessions(userId), accessTokens: this.#renewTokens(changed) },
    };
  }

  async changePassword({ userId, from, to, keptSessionId }: PasswordChange): Promise<readonly string[] | undefined> {
    const found = this.#tables.users.get(userId);
    if (found?.passwordHash !== from) return undefined;
    this.#tables.users.set(userId, { user: found.user, passwordHash: to });
    return this.#endSessions(userId, keptSessionId);
  }

  async remove(
    { accountId, id }: Pick<User, 'accountId' | 'id'>,
    permit: (user: User) => void,
  ): Promise<CredentialChanges> {
    const { user } = this.#get(accountId, id);
    permit(user);
    this.#keepAnOwner(user);
    this.#tables.users.delete(id);
    return { endedSessions: this.#endSessions(id), accessTokens: this.#endTokens(id) };
  }

  #usersOf(accountId: string): readonly User[] {
    return [...this.#tables.users.values()].map(({ user }) => user).filter((user) => user.accountId === accountId);
  }

  #get(accountId: string, userId: string): UserWithPassword {
    const found = this.#tables.users.get(userId);
    if (found?.user.accountId !== accountId) throw new UserNotFoundError();
    return found;
  }

  #keepAnOwner({ id, accountId, role }: User): void {
    const others = this.#usersOf(accountId).filter((user) => user.role === 'owner' && user.id !== id);
    if (role === 'owner' && others.length === 0) throw new LastOwnerError();
  }

  #endSessions(userId: string, keptId?: string): readonly string[] {
    const ended = [...this.#tables.sessions.values()].filter(
      ({ session }) => session.userId === userId && session.id !== keptId,
    );
    for (const { session } of ended) this.#tables.sessions.delete(session.id);
    return ended.map(({ tokenHash }) => tokenHash);
  }

  #renewTokens({ id: userId, role }: User): readonly AccessTokenChange[] {
    const renewed = [...this.#tables.accessTokens.values()].filter(({ token }) => token.userId === userId);
    return renewed.map(({ token, tokenHash }) => {
      const generation = this.#tables.nextGeneration();
      this.#tables.accessTokens.set(token.id, { token, tokenHash, generation });
      const stored = { ...token, role, bucketId: token.bucket?.id ?? null, expiresAt: token.expiresAt ?? null };
      return { tokenHash, credential: { generation, value: toAccessTokenCredential(stored) } };
    });
  }

  #endTokens(userId: string): readonly AccessTokenChange[] {
    const ended = [...this.#tables.accessTokens.values()].filter(({ token }) => token.userId === userId);
    for (const { token } of ended) this.#tables.accessTokens.delete(token.id);
    return ended.map(({ tokenHash }) => ({
      tokenHash,
      credential: { generation: this.#tables.nextGeneration(), value: undefined },
    }));
  }
}

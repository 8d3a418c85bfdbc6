import type { AccessTokenCache } from '../access-tokens/access-token-cache.ts';
import type { ApiEvents } from '../events/api-events.ts';
import type { Page, PageRequest } from '../http/page-cursor.ts';
import type { Principal, Role } from '../http/principal.ts';
import type { SessionCache } from '../sessions/session-cache.ts';
import type { CredentialChanges } from './credential-changes.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { UserForbiddenError, UserNotFoundError, WrongPasswordError } from './user-errors.ts';
import { managesAccount, mayChangeRole, mayRemoveUser, maySeeUser } from './user-policy.ts';
import type { UserRepository } from './user-repository.ts';
import type { User, UserWithPassword } from './user.ts';

export interface UserServiceOptions {
  readonly users: UserRepository;
  readonly passwords: PasswordHasher;
  readonly sessions: Pick<SessionCache, 'end'>;
  readonly accessTokens: Pick<AccessTokenCache, 'publish'>;
  readonly events: ApiEvents;
}

export class UserService {
  readonly #options: UserServiceOptions;

  constructor(options: UserServiceOptions) {
    this.#options = options;
  }

  /** The user with this address and password. Takes the same time when there is none. */
  async findByPassword(email: string, password: string): Promise<UserWithPassword | undefined> {
    const { users, passwords } = this.#options;
    const found = await users.findByEmail(email);
    return (await passwords.verify(password, found?.passwordHash)) ? found : undefined;
  }

  /** @throws UserForbiddenError for members: they see nobody but themselves. */
  async listUsers(caller: Principal, page: PageRequest): Promise<Page<User>> {
    if (!managesAccount(caller)) throw new UserForbiddenError();
    return this.#options.users.list(caller.accountId, page);
  }

  /** @throws UserNotFoundError also when the caller may not know of the user. */
  async getUser(caller: Principal, userId: string): Promise<User> {
    const user = await this.#options.users.find(caller.accountId, userId);
    if (user === undefined || !maySeeUser(caller, user)) throw new UserNotFoundError();
    return user;
  }

  /**
   * Gives the user another role; its sessions end, its access tokens have the new role at once.
   * @throws UserNotFoundError
   * @throws UserForbiddenError
   * @throws LastOwnerError
   */
  async changeRole(caller: Principal, userId: string, role: Role): Promise<User> {
    const { users, events } = this.#options;
    const { user, changes } = await users.changeRole({ accountId: caller.accountId, userId, role }, (current) => {
      if (!maySeeUser(caller, current)) throw new UserNotFoundError();
      if (!mayChangeRole(caller, current, role)) throw new UserForbiddenError();
    });
    await this.#publish(changes);
    events.roleChanged({ accountId: caller.accountId, userId }, caller.userId);
    return user;
  }

  /**
   * Removes the user with its credentials; what it stored stays.
   * @throws UserNotFoundError
   * @throws UserForbiddenError
   * @throws LastOwnerError
   */
  async removeUser(caller: Principal, userId: string): Promise<void> {
    const { users, events } = this.#options;
    const changes = await users.remove({ accountId: caller.accountId, id: userId }, (current) => {
      if (!maySeeUser(caller, current)) throw new UserNotFoundError();
      if (!mayRemoveUser(caller, current)) throw new UserForbiddenError();
    });
    await this.#publish(changes);
    events.userRemoved({ accountId: caller.accountId, userId }, caller.userId);
  }

  /**
   * Changes the caller's own password; every other session of the caller ends.
   * @throws UserForbiddenError unless the caller is signed in with a session.
   * @throws WrongPasswordError
   */
  async changePassword(
    caller: Principal,
    { currentPassword, newPassword }: { readonly currentPassword: string; readonly newPassword: string },
  ): Promise<void> {
    const { users, passwords, sessions, events } = this.#options;
    if (caller.credential !== 'session') throw new UserForbiddenError();
    const found = await users.findWithPassword(caller.userId);
    if (!(await passwords.verify(currentPassword, found?.passwordHash)) || found === undefined) {
      throw new WrongPasswordError();
    }
    const ended = await users.changePassword({
      userId: caller.userId,
      from: found.passwordHash,
      to: await passwords.hash(newPassword),
      keptSessionId: caller.credentialId,
    });
    if (ended === undefined) throw new WrongPasswordError(); // changed by somebody else meanwhile
    await sessions.end(ended);
    events.passwordChanged({ accountId: caller.accountId, userId: caller.userId });
  }

  async #publish({ endedSessions, accessTokens }: CredentialChanges): Promise<void> {
    await Promise.all([this.#options.sessions.end(endedSessions), this.#options.accessTokens.publish(accessTokens)]);
  }
}

import type { Page, PageRequest } from '../http/page-cursor.ts';
import type { Role } from '../http/principal.ts';
import type { CredentialChanges } from './credential-changes.ts';
import type { User, UserWithPassword } from './user.ts';

export interface UserRepository {
  find(accountId: string, userId: string): Promise<User | undefined>;
  findByEmail(email: string): Promise<UserWithPassword | undefined>;
  findWithPassword(userId: string): Promise<UserWithPassword | undefined>;
  list(accountId: string, page: PageRequest): Promise<Page<User>>;
  /**
   * Gives the user another role and ends its sessions. `permit` sees the user as it is and throws to stop the change.
   * @throws UserNotFoundError
   * @throws LastOwnerError
   */
  changeRole(change: RoleChange, permit: (user: User) => void): Promise<ChangedUser>;
  /** Replaces the hash, if it is still `from`, and ends the other sessions; answers their token hashes, or undefined when nothing was done. */
  changePassword(change: PasswordChange): Promise<readonly string[] | undefined>;
  /**
   * Removes the user with its credentials and grants. `permit` sees the user as it is and throws to stop it.
   * @throws UserNotFoundError
   * @throws LastOwnerError
   */
  remove(user: Pick<User, 'accountId' | 'id'>, permit: (user: User) => void): Promise<CredentialChanges>;
}

export interface RoleChange {
  readonly accountId: string;
  readonly userId: string;
  readonly role: Role;
}

export interface ChangedUser {
  readonly user: User;
  readonly changes: CredentialChanges;
}

export interface PasswordChange {
  readonly userId: string;
  readonly from: string;
  readonly to: string;
  readonly keptSessionId: string;
}

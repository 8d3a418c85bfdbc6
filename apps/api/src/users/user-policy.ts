import type { Principal, Role } from '../http/principal.ts';
import type { User } from './user.ts';

/** Whether the caller manages the account's users, invitations and access tokens. A credential for one bucket never does. */
export function managesAccount(caller: Principal): boolean {
  return caller.role !== 'member' && caller.bucketId === undefined;
}

/** Whether the caller may know of the user. */
export function maySeeUser(caller: Principal, user: Pick<User, 'id' | 'accountId'>): boolean {
  return user.accountId === caller.accountId && (user.id === caller.userId || managesAccount(caller));
}

/** Whether the caller may give the user the role. Only owners make or unmake owners. */
export function mayChangeRole(caller: Principal, user: User, role: Role): boolean {
  return mayRemoveUser(caller, user) && (caller.role === 'owner' || role !== 'owner');
}

/** Whether the caller may remove the user. */
export function mayRemoveUser(caller: Principal, user: User): boolean {
  return managesAccount(caller) && (caller.role === 'owner' || user.role !== 'owner');
}

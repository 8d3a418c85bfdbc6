import type { Role } from '../http/principal.ts';

/** A user who may join an account with the token. */
export interface Invitation {
  readonly id: string;
  readonly accountId: string;
  readonly email: string;
  readonly role: InvitedRole;
  /** The user who invited; undefined once that user was removed. */
  readonly invitedBy?: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Owners are made from users, not invited. */
export type InvitedRole = Exclude<Role, 'owner'>;

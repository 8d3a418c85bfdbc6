import type { Role } from '../http/principal.ts';

/** Somebody who signs in; belongs to one account. */
export interface User {
  readonly id: string;
  readonly accountId: string;
  /** Trimmed and in lower case; unique in the installation. */
  readonly email: string;
  readonly role: Role;
  readonly createdAt: Date;
}

export interface UserWithPassword {
  readonly user: User;
  /** PHC string. */
  readonly passwordHash: string;
}

import type { AccessToken } from '../access-tokens/access-token.ts';
import type { Invitation } from '../invitations/invitation.ts';
import type { Session } from '../sessions/session.ts';
import type { UserWithPassword } from '../users/user.ts';
import type { Account } from './account.ts';

/** What the doubles of the identity features share, as the real ones share a database. Each map goes by id. */
export class MemoryTables {
  readonly accounts = new Map<string, Account>();
  readonly users = new Map<string, UserWithPassword>();
  readonly sessions = new Map<string, { readonly session: Session; readonly tokenHash: string }>();
  readonly accessTokens = new Map<string, MemoryAccessToken>();
  readonly invitations = new Map<string, MemoryInvitation>();
  #generation = 0;

  nextGeneration(): number {
    this.#generation += 1;
    return this.#generation;
  }

  hasEmail(email: string): boolean {
    return [...this.users.values()].some(({ user }) => user.email === email);
  }
}

export interface MemoryAccessToken {
  readonly token: AccessToken;
  readonly tokenHash: string;
  readonly generation: number;
}

export interface MemoryInvitation {
  readonly invitation: Invitation;
  readonly tokenHash: string;
  readonly accepted: boolean;
}

/** The rows after `after` in the order of their ids, one more than `limit`. */
export function nextById<T extends { readonly id: string }>(
  rows: Iterable<T>,
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): readonly T[] {
  return [...rows]
    .filter(({ id }) => id > after)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, limit + 1);
}

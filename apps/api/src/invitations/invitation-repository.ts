import type { Page, PageRequest } from '../http/page-cursor.ts';
import type { User } from '../users/user.ts';
import type { Invitation } from './invitation.ts';

export interface InvitationRepository {
  /**
   * Stores the invitation; nothing when one with the id is stored already.
   * @throws EmailTakenError when a user of this very account has the address. Of users of other accounts the inviter
   * must not learn.
   */
  insert(invitation: Invitation, tokenHash: string): Promise<void>;
  /** The account's invitations that are neither accepted nor expired. */
  list(accountId: string, now: Date, page: PageRequest): Promise<Page<Invitation>>;
  /** Whether there was such an invitation, not accepted yet, in the account. */
  delete(accountId: string, invitationId: string): Promise<boolean>;
  /** Whether the token stands for an invitation that can be accepted. */
  isOpen(tokenHash: string, now: Date): Promise<boolean>;
  /**
   * Uses the invitation up and stores its user; undefined when it cannot be accepted (any more).
   * @throws EmailTakenError when a user has the address; the invitation stays.
   */
  accept(tokenHash: string, user: InvitedUser): Promise<User | undefined>;
  /** The user of this id, if it came by the invitation. */
  findAccepted(tokenHash: string, userId: string): Promise<User | undefined>;
}

export interface InvitedUser {
  readonly id: string;
  readonly passwordHash: string;
  readonly createdAt: Date;
}

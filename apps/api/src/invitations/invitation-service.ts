import { SignUpClosedError } from '../accounts/account-errors.ts';
import type { SignUpMode } from '../accounts/account.ts';
import type { ApiEvents } from '../events/api-events.ts';
import type { Page, PageRequest } from '../http/page-cursor.ts';
import type { Principal } from '../http/principal.ts';
import { hashToken, isSecretToken, newSecretToken } from '../sessions/secret-token.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import { UserForbiddenError } from '../users/user-errors.ts';
import { managesAccount } from '../users/user-policy.ts';
import type { User } from '../users/user.ts';
import { InvitationNotFoundError } from './invitation-errors.ts';
import type { InvitationRepository } from './invitation-repository.ts';
import type { Invitation, InvitedRole } from './invitation.ts';

export interface InvitationServiceOptions {
  readonly invitations: InvitationRepository;
  readonly passwords: PasswordHasher;
  readonly signUpMode: SignUpMode;
  readonly events: ApiEvents;
  readonly now: () => Date;
  readonly newId: () => string;
  /** 256 random bits. @default new ones */
  readonly newSecret?: () => Buffer;
  /** @default 7 days */
  readonly lifetimeMs?: number;
}

const defaultLifetimeMs = 7 * 24 * 3_600_000;

export class InvitationService {
  readonly #options: InvitationServiceOptions;

  constructor(options: InvitationServiceOptions) {
    this.#options = options;
  }

  /**
   * Invites somebody into the caller's account. The token is the secret that lets in; only its hash is kept.
   * @throws SignUpClosedError, UserForbiddenError, EmailTakenError
   */
  async invite(
    caller: Principal,
    { email, role }: { readonly email: string; readonly role: InvitedRole },
  ): Promise<{ readonly invitation: Invitation; readonly token: string }> {
    const { invitations, signUpMode, events, now, newId, newSecret, lifetimeMs = defaultLifetimeMs } = this.#options;
    if (!managesAccount(caller)) throw new UserForbiddenError();
    if (signUpMode === 'closed') throw new SignUpClosedError();
    const token = newSecretToken('inv_', newSecret?.());
    const createdAt = now();
    const { accountId, userId: invitedBy } = caller;
    const expiresAt = new Date(createdAt.getTime() + lifetimeMs);
    const invitation: Invitation = { id: newId(), accountId, email, role, invitedBy, createdAt, expiresAt };
    await invitations.insert(invitation, hashToken(token));
    events.userInvited(caller);
    return { invitation, token };
  }

  /** Those that can still be accepted. @throws UserForbiddenError */
  async listInvitations(caller: Principal, page: PageRequest): Promise<Page<Invitation>> {
    if (!managesAccount(caller)) throw new UserForbiddenError();
    return this.#options.invitations.list(caller.accountId, this.#options.now(), page);
  }

  /** @throws InvitationNotFoundError also when the caller may not know of it. */
  async withdraw(caller: Principal, invitationId: string): Promise<void> {
    const { invitations, events } = this.#options;
    const deleted = managesAccount(caller) && (await invitations.delete(caller.accountId, invitationId));
    if (!deleted) throw new InvitationNotFoundError();
    events.invitationWithdrawn(caller);
  }

  /**
   * Makes the invited user, who signs in next.
   * @throws SignUpClosedError, InvitationNotFoundError, EmailTakenError
   */
  async accept({ token, password }: { readonly token: string; readonly password: string }): Promise<User> {
    const { invitations, signUpMode, events, newId } = this.#options;
    if (signUpMode === 'closed') throw new SignUpClosedError();
    if (!isSecretToken('inv_', token)) throw new InvitationNotFoundError();
    const tokenHash = hashToken(token);
    const id = newId();
    const accepted = await this.#useUp(tokenHash, { id, password });
    const user = accepted ?? (await invitations.findAccepted(tokenHash, id));
    if (user === undefined) throw new InvitationNotFoundError();
    events.invitationAccepted({ accountId: user.accountId, userId: user.id });
    return user;
  }

  async #useUp(tokenHash: string, { id, password }: { id: string; password: string }): Promise<User | undefined> {
    const { invitations, passwords, now } = this.#options;
    // Asked first, so that made-up tokens do not cost a password hash each.
    if (!(await invitations.isOpen(tokenHash, now()))) return undefined;
    return invitations.accept(tokenHash, { id, passwordHash: await passwords.hash(password), createdAt: now() });
  }
}

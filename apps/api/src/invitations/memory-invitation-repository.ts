import { EmailTakenError } from '../accounts/account-errors.ts';
import { nextById, type MemoryInvitation, type MemoryTables } from '../accounts/tables-in-memory.ts';
import { toPage, type Page, type PageRequest } from '../http/page-cursor.ts';
import type { User } from '../users/user.ts';
import type { InvitationRepository, InvitedUser } from './invitation-repository.ts';
import type { Invitation } from './invitation.ts';

export class MemoryInvitationRepository implements InvitationRepository {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async insert(invitation: Invitation, tokenHash: string): Promise<void> {
    if (this.#tables.invitations.has(invitation.id)) return;
    const users = [...this.#tables.users.values()].map(({ user }) => user);
    if (users.some(({ accountId, email }) => accountId === invitation.accountId && email === invitation.email)) {
      throw new EmailTakenError();
    }
    this.#tables.invitations.set(invitation.id, { invitation, tokenHash, accepted: false });
  }

  async list(accountId: string, now: Date, page: PageRequest): Promise<Page<Invitation>> {
    const open = [...this.#tables.invitations.values()].filter((row) => isOpen(row, now));
    const listed = open.map(({ invitation }) => invitation).filter((invitation) => invitation.accountId === accountId);
    return toPage(nextById(listed, page), page.limit);
  }

  async delete(accountId: string, invitationId: string): Promise<boolean> {
    const found = this.#tables.invitations.get(invitationId);
    if (found?.invitation.accountId !== accountId || found.accepted) return false;
    return this.#tables.invitations.delete(invitationId);
  }

  async isOpen(tokenHash: string, now: Date): Promise<boolean> {
    return this.#findOpen(tokenHash, now) !== undefined;
  }

  async accept(tokenHash: string, { id, passwordHash, createdAt }: InvitedUser): Promise<User | undefined> {
    const found = this.#findOpen(tokenHash, createdAt);
    if (found === undefined) return undefined;
    const { accountId, email, role } = found.invitation;
    if (this.#tables.hasEmail(email)) throw new EmailTakenError();
    const user: User = { id, accountId, email, role, createdAt };
    this.#tables.users.set(id, { user, passwordHash });
    this.#tables.invitations.set(found.invitation.id, { ...found, accepted: true });
    return user;
  }

  async findAccepted(tokenHash: string, userId: string): Promise<User | undefined> {
    const user = this.#tables.users.get(userId)?.user;
    const accepted = [...this.#tables.invitations.values()].find((row) => row.tokenHash === tokenHash && row.accepted);
    const { accountId, email } = accepted?.invitation ?? {};
    return user?.accountId === accountId && user?.email === email ? user : undefined;
  }

  #findOpen(tokenHash: string, now: Date): MemoryInvitation | undefined {
    return [...this.#tables.invitations.values()].find((row) => row.tokenHash === tokenHash && isOpen(row, now));
  }
}

function isOpen({ invitation, accepted }: MemoryInvitation, now: Date): boolean {
  return !accepted && invitation.expiresAt > now;
}

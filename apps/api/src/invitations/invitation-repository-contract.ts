import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import {
  expiresAt,
  givenInvitation,
  givenOwner,
  givenUser,
  madeAt,
  newTokenHash,
  passwordHash,
  type IdentityRepositories,
} from '../../test/identity-repositories.ts';
import { EmailTakenError } from '../accounts/account-errors.ts';

/** What every InvitationRepository does. */
export function describeInvitationRepository(name: string, open: () => Promise<IdentityRepositories>): void {
  describe(name, () => {
    let repositories: IdentityRepositories;
    beforeAll(async () => {
      repositories = await open();
    });
    afterAll(async () => {
      await repositories[Symbol.asyncDispose]();
    });

    const newUser = (createdAt = madeAt): { id: string; passwordHash: string; createdAt: Date } => ({
      id: newId(),
      passwordHash,
      createdAt,
    });

    it('is accepted once, by a user with its address and role', async () => {
      const { invitations, users } = repositories;
      const { accountId, id: invitedBy } = await givenOwner(repositories);
      const { invitation, tokenHash } = await givenInvitation(repositories, { accountId, role: 'admin', invitedBy });
      const user = newUser();
      expect(await invitations.isOpen(tokenHash, madeAt)).toBe(true);
      const accepted = await Promise.all([
        invitations.accept(tokenHash, user),
        invitations.accept(tokenHash, newUser()),
      ]);
      const made = { id: user.id, accountId, email: invitation.email, role: 'admin', createdAt: madeAt };
      expect(accepted.filter((result) => result !== undefined)).toHaveLength(1);
      expect(accepted[0] ?? accepted[1]).toMatchObject({ ...made, id: expect.any(String) });
      expect((await users.findByEmail(invitation.email))?.passwordHash).toBe(passwordHash);
      expect(await invitations.isOpen(tokenHash, madeAt)).toBe(false);
    });

    it('tells which user came by it', async () => {
      const { invitations, users } = repositories;
      const { accountId, id: ownerId } = await givenOwner(repositories);
      const { tokenHash } = await givenInvitation(repositories, { accountId });
      const { tokenHash: otherHash } = await givenInvitation(repositories, { accountId });
      const user = newUser();
      expect(await invitations.findAccepted(tokenHash, user.id)).toBeUndefined();
      const accepted = await invitations.accept(tokenHash, user);
      expect(await invitations.findAccepted(tokenHash, user.id)).toEqual(accepted);
      expect(await invitations.findAccepted(tokenHash, ownerId)).toBeUndefined();
      expect(await invitations.findAccepted(otherHash, user.id)).toBeUndefined();
      await users.remove({ accountId, id: user.id }, () => undefined);
      expect(await invitations.findAccepted(tokenHash, user.id)).toBeUndefined();
    });

    it('is stored once, however often it is told to', async () => {
      const { invitations } = repositories;
      const { accountId } = await givenOwner(repositories);
      const { invitation, tokenHash } = await givenInvitation(repositories, { accountId });
      await invitations.insert({ ...invitation, role: 'admin' }, tokenHash);
      expect((await invitations.list(accountId, madeAt, { limit: 9 })).items).toMatchObject([
        { id: invitation.id, role: 'member' },
      ]);
    });

    it('cannot be accepted at its end or by an unknown token', async () => {
      const { invitations } = repositories;
      const { accountId } = await givenOwner(repositories);
      const { tokenHash } = await givenInvitation(repositories, { accountId });
      expect(await invitations.isOpen(tokenHash, expiresAt)).toBe(false);
      expect(await invitations.accept(tokenHash, newUser(expiresAt))).toBeUndefined();
      expect(await invitations.isOpen(newTokenHash(), madeAt)).toBe(false);
      expect(await invitations.accept(newTokenHash(), newUser())).toBeUndefined();
    });

    it('stays open when the address has been taken', async () => {
      const { invitations } = repositories;
      const { accountId } = await givenOwner(repositories);
      const { email } = await givenOwner(repositories);
      const { tokenHash } = await givenInvitation(repositories, { accountId, email });
      await expect(invitations.accept(tokenHash, newUser())).rejects.toBeInstanceOf(EmailTakenError);
      expect(await invitations.isOpen(tokenHash, madeAt)).toBe(true);
    });

    it('is not made for a user of the account, and tells nothing of users of others', async () => {
      const owner = await givenOwner(repositories);
      const elsewhere = await givenOwner(repositories);
      const { accountId } = owner;
      await expect(givenInvitation(repositories, { accountId, email: owner.email })).rejects.toBeInstanceOf(
        EmailTakenError,
      );
      await expect(givenInvitation(repositories, { accountId, email: elsewhere.email })).resolves.toBeDefined();
    });

    it('lists the open ones of an account, page by page', async () => {
      const { invitations } = repositories;
      const { accountId, id: invitedBy } = await givenOwner(repositories);
      const other = await givenOwner(repositories);
      await givenInvitation(repositories, { accountId: other.accountId });
      await givenUser(repositories, accountId, 'member'); // accepted its invitation
      await givenInvitation(repositories, { accountId, expiresAt: madeAt });
      const first = await givenInvitation(repositories, { accountId, invitedBy });
      const second = await givenInvitation(repositories, { accountId });
      const page = await invitations.list(accountId, madeAt, { limit: 1 });
      expect(page).toEqual({ items: [first.invitation], next: first.invitation.id });
      const rest = await invitations.list(accountId, madeAt, { after: page.next, limit: 1 });
      expect(rest).toEqual({ items: [second.invitation], next: undefined });
    });

    it('is deleted in its own account, unless it was accepted', async () => {
      const { invitations } = repositories;
      const { accountId } = await givenOwner(repositories);
      const other = await givenOwner(repositories);
      const open = await givenInvitation(repositories, { accountId });
      const accepted = await givenInvitation(repositories, { accountId });
      await invitations.accept(accepted.tokenHash, newUser());
      expect(await invitations.delete(other.accountId, open.invitation.id)).toBe(false);
      expect(await invitations.delete(accountId, accepted.invitation.id)).toBe(false);
      expect(await invitations.delete(accountId, open.invitation.id)).toBe(true);
      expect(await invitations.isOpen(open.tokenHash, madeAt)).toBe(false);
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { givenIdentity, password } from '../../test/identity-in-memory.ts';
import { EmailTakenError, SignUpClosedError } from '../accounts/account-errors.ts';
import { UserForbiddenError } from '../users/user-errors.ts';
import { InvitationNotFoundError } from './invitation-errors.ts';

const invited = { email: 'bob@example.com', role: 'admin' } as const;
const weekMs = 7 * 24 * 3_600_000;

describe('InvitationService', () => {
  it.each(['open', 'invite'] as const)('brings a user into the account in mode %s', async (signUpMode) => {
    const { givenOwner, invitations, signIn } = givenIdentity({ signUpMode });
    const { caller } = await givenOwner();
    const { token } = await invitations.invite(caller, invited);
    expect(token).toMatch(/^inv_[A-Za-z0-9_-]{43}$/);
    const user = await invitations.accept({ token, password });
    expect(user).toMatchObject({ ...invited, accountId: caller.accountId });
    expect((await signIn('bob@example.com')).caller).toMatchObject({ role: 'admin', userId: user.id });
  });

  it('lets nobody in when the installation is closed', async () => {
    const { givenOwner, invitations } = givenIdentity({ signUpMode: 'closed' });
    const { caller } = await givenOwner();
    await expect(invitations.invite(caller, invited)).rejects.toBeInstanceOf(SignUpClosedError);
    await expect(invitations.accept({ token: 'inv_', password })).rejects.toBeInstanceOf(SignUpClosedError);
  });

  it('is for owners and admins', async () => {
    const { givenOwner, givenUser, invitations } = givenIdentity();
    const owner = await givenOwner();
    const admin = await givenUser(owner.caller, 'admin');
    const member = await givenUser(owner.caller, 'member');
    const { invitation } = await invitations.invite(admin.caller, invited);
    expect((await invitations.listInvitations(owner.caller, { limit: 10 })).items).toEqual([invitation]);
    await expect(invitations.invite(member.caller, invited)).rejects.toBeInstanceOf(UserForbiddenError);
    await expect(invitations.listInvitations(member.caller, { limit: 10 })).rejects.toBeInstanceOf(UserForbiddenError);
    await expect(invitations.withdraw(member.caller, invitation.id)).rejects.toEqual(new InvitationNotFoundError());
  });

  it('works once, and for a week', async () => {
    const { givenOwner, invitations, advance } = givenIdentity();
    const { caller } = await givenOwner();
    const used = await invitations.invite(caller, invited);
    const late = await invitations.invite(caller, { ...invited, email: 'eve@example.com' });
    advance(weekMs - 1);
    await invitations.accept({ token: used.token, password });
    await expect(invitations.accept({ token: used.token, password })).rejects.toBeInstanceOf(InvitationNotFoundError);
    advance(1);
    await expect(invitations.accept({ token: late.token, password })).rejects.toBeInstanceOf(InvitationNotFoundError);
    expect((await invitations.listInvitations(caller, { limit: 10 })).items).toEqual([]);
  });

  it('cannot be withdrawn from another account, and lets nobody in once it is', async () => {
    const { givenOwner, invitations } = givenIdentity();
    const { caller } = await givenOwner();
    const stranger = await givenOwner();
    const { invitation, token } = await invitations.invite(caller, invited);
    for (const id of [invitation.id, newId()]) {
      await expect(invitations.withdraw(stranger.caller, id)).rejects.toEqual(new InvitationNotFoundError());
    }
    await invitations.withdraw(caller, invitation.id);
    await expect(invitations.accept({ token, password })).rejects.toBeInstanceOf(InvitationNotFoundError);
  });

  it('does not take an address twice', async () => {
    const { givenOwner, invitations } = givenIdentity();
    const { caller, email } = await givenOwner();
    const elsewhere = await givenOwner();
    await expect(invitations.invite(caller, { ...invited, email })).rejects.toBeInstanceOf(EmailTakenError);
    const { token } = await invitations.invite(caller, { ...invited, email: elsewhere.email });
    await expect(invitations.accept({ token, password })).rejects.toBeInstanceOf(EmailTakenError);
  });
});

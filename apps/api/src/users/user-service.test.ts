import { describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { givenIdentity, password, photosId } from '../../test/identity-in-memory.ts';
import { SignInFailedError } from '../sessions/session-errors.ts';
import { LastOwnerError, UserForbiddenError, UserNotFoundError, WrongPasswordError } from './user-errors.ts';

const newPassword = 'another battery staple';

describe('UserService', () => {
  it('shows users to owners and admins, and members only themselves', async () => {
    const { users, givenOwner, givenUser } = givenIdentity();
    const owner = await givenOwner();
    const admin = await givenUser(owner.caller, 'admin');
    const member = await givenUser(owner.caller, 'member');
    const { items } = await users.listUsers(admin.caller, { limit: 10 });
    expect(items.map(({ email }) => email)).toEqual([owner.email, admin.email, member.email]);
    await expect(users.listUsers(member.caller, { limit: 10 })).rejects.toBeInstanceOf(UserForbiddenError);
    expect((await users.getUser(member.caller, member.caller.userId)).email).toBe(member.email);
    await expect(users.getUser(member.caller, owner.caller.userId)).rejects.toBeInstanceOf(UserNotFoundError);
  });

  it("answers for another account's user as for none", async () => {
    const { users, givenOwner } = givenIdentity();
    const { caller } = await givenOwner();
    const stranger = (await givenOwner()).caller.userId;
    for (const userId of [stranger, newId()]) {
      await expect(users.getUser(caller, userId)).rejects.toEqual(new UserNotFoundError());
      await expect(users.changeRole(caller, userId, 'member')).rejects.toEqual(new UserNotFoundError());
      await expect(users.removeUser(caller, userId)).rejects.toEqual(new UserNotFoundError());
    }
  });

  it('ends the sessions of a user whose role changes, and gives its tokens the new role at once', async () => {
    const { users, givenOwner, givenUser, givenToken, findSession, findToken } = givenIdentity();
    const owner = await givenOwner();
    const admin = await givenUser(owner.caller, 'admin');
    const { token } = await givenToken(admin.caller);
    await users.changeRole(owner.caller, admin.caller.userId, 'member');
    expect(await findSession(admin.sessionToken)).toBeUndefined();
    expect((await findToken(token))?.role).toBe('member');
    expect(await findSession(owner.sessionToken)).toEqual(owner.caller);
  });

  it('lets admins neither make nor unmake owners', async () => {
    const { users, givenOwner, givenUser } = givenIdentity();
    const owner = await givenOwner();
    const admin = await givenUser(owner.caller, 'admin');
    await expect(users.changeRole(admin.caller, admin.caller.userId, 'owner')).rejects.toBeInstanceOf(
      UserForbiddenError,
    );
    await expect(users.changeRole(admin.caller, owner.caller.userId, 'member')).rejects.toBeInstanceOf(
      UserForbiddenError,
    );
    await expect(users.removeUser(admin.caller, owner.caller.userId)).rejects.toBeInstanceOf(UserForbiddenError);
  });

  it('tells members that they may not change themselves, and nothing of others', async () => {
    const { users, givenOwner, givenUser } = givenIdentity();
    const owner = await givenOwner();
    const { caller } = await givenUser(owner.caller, 'member');
    await expect(users.changeRole(caller, caller.userId, 'admin')).rejects.toBeInstanceOf(UserForbiddenError);
    await expect(users.changeRole(caller, owner.caller.userId, 'member')).rejects.toBeInstanceOf(UserNotFoundError);
    await expect(users.removeUser(caller, caller.userId)).rejects.toBeInstanceOf(UserForbiddenError);
  });

  it('lets a token of one bucket manage nobody', async () => {
    const { users, givenOwner, givenUser, givenToken } = givenIdentity();
    const owner = await givenOwner();
    const member = await givenUser(owner.caller, 'member');
    const { caller } = await givenToken(owner.caller, { bucket: 'photos' });
    expect(caller.bucketId).toBe(photosId);
    await expect(users.listUsers(caller, { limit: 1 })).rejects.toBeInstanceOf(UserForbiddenError);
    await expect(users.removeUser(caller, member.caller.userId)).rejects.toBeInstanceOf(UserNotFoundError);
  });

  it('keeps the last owner', async () => {
    const { users, givenOwner } = givenIdentity();
    const { caller } = await givenOwner();
    await expect(users.changeRole(caller, caller.userId, 'admin')).rejects.toBeInstanceOf(LastOwnerError);
    await expect(users.removeUser(caller, caller.userId)).rejects.toBeInstanceOf(LastOwnerError);
  });

  it('removes a user with its sessions and tokens', async () => {
    const { users, givenOwner, givenUser, givenToken, signIn, findSession, findToken } = givenIdentity();
    const owner = await givenOwner();
    const member = await givenUser(owner.caller, 'member');
    const { token } = await givenToken(member.caller);
    await users.removeUser(owner.caller, member.caller.userId);
    expect(await findSession(member.sessionToken)).toBeUndefined();
    expect(await findToken(token)).toBeUndefined();
    await expect(signIn(member.email)).rejects.toBeInstanceOf(SignInFailedError);
  });

  it('changes a password and ends every other session', async () => {
    const { users, givenOwner, signIn, findSession, givenToken, findToken } = givenIdentity();
    const first = await givenOwner();
    const second = await signIn(first.email);
    const { token } = await givenToken(first.caller);
    await users.changePassword(second.caller, { currentPassword: password, newPassword });
    expect(await findSession(first.sessionToken)).toBeUndefined();
    expect(await findSession(second.sessionToken)).toEqual(second.caller);
    expect(await findToken(token)).toBeDefined();
    await expect(signIn(first.email)).rejects.toBeInstanceOf(SignInFailedError);
    await expect(signIn(first.email, newPassword)).resolves.toBeDefined();
  });

  it('changes no password without the current one, nor for an access token', async () => {
    const { users, givenOwner, givenToken, signIn } = givenIdentity();
    const { caller, email } = await givenOwner();
    const wrong = { currentPassword: newPassword, newPassword };
    await expect(users.changePassword(caller, wrong)).rejects.toBeInstanceOf(WrongPasswordError);
    const { caller: token } = await givenToken(caller);
    const right = { currentPassword: password, newPassword };
    await expect(users.changePassword(token, right)).rejects.toBeInstanceOf(UserForbiddenError);
    await expect(signIn(email)).resolves.toBeDefined();
  });
});

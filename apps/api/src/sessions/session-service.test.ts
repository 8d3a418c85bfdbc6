import { describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { givenIdentity, sessionLifetimeMs } from '../../test/identity-in-memory.ts';
import { UserForbiddenError } from '../users/user-errors.ts';
import { SessionNotFoundError, SignInFailedError } from './session-errors.ts';

describe('SessionService', () => {
  it('answers the same for a wrong password and for an unknown address', async () => {
    const { signIn, givenOwner, logs } = givenIdentity();
    const { email } = await givenOwner();
    await expect(signIn(email, 'not the password')).rejects.toEqual(new SignInFailedError());
    await expect(signIn('nobody@example.com')).rejects.toEqual(new SignInFailedError());
    expect(logs.withMessage('sign-in failed')).toHaveLength(2);
  });

  it('asks the limit of the address before the password is looked at', async () => {
    const { signIn, limitedEmails } = givenIdentity();
    await expect(signIn('ada@example.com')).rejects.toBeInstanceOf(SignInFailedError);
    expect(limitedEmails).toEqual(['ada@example.com']);
  });

  it('ends at its time, cached or not', async () => {
    const { givenOwner, findSession, advance, sessions } = givenIdentity();
    const { caller, sessionToken } = await givenOwner();
    advance(sessionLifetimeMs - 1);
    expect(await findSession(sessionToken)).toEqual(caller);
    expect((await sessions.listSessions(caller, { limit: 10 })).items).toHaveLength(1);
    advance(1);
    expect(await findSession(sessionToken)).toBeUndefined();
    expect((await sessions.listSessions(caller, { limit: 10 })).items).toEqual([]);
  });

  it('takes no token that is not one', async () => {
    const { findSession, givenOwner } = givenIdentity();
    const { sessionToken } = await givenOwner();
    for (const token of ['', 'x', `stw_${sessionToken}`, `${sessionToken}A`, 'A'.repeat(43)]) {
      expect(await findSession(token)).toBeUndefined();
    }
  });

  it('ends a session of the user, at once', async () => {
    const { sessions, givenOwner, signIn, findSession } = givenIdentity();
    const first = await givenOwner();
    const second = await signIn(first.email);
    await sessions.endSession(first.caller, second.caller.credentialId);
    expect(await findSession(second.sessionToken)).toBeUndefined();
    await sessions.endCurrentSession(first.caller);
    expect(await findSession(first.sessionToken)).toBeUndefined();
  });

  it("answers for somebody else's session as for none", async () => {
    const { sessions, givenOwner, givenUser, findSession } = givenIdentity();
    const owner = await givenOwner();
    const member = await givenUser(owner.caller, 'member');
    for (const id of [member.caller.credentialId, newId()]) {
      await expect(sessions.endSession(owner.caller, id)).rejects.toEqual(new SessionNotFoundError());
    }
    expect(await findSession(member.sessionToken)).toEqual(member.caller);
  });

  it('has no current session for an access token, and none at all for one of a single bucket', async () => {
    const { sessions, givenOwner, givenToken } = givenIdentity();
    const { caller } = await givenOwner();
    const whole = await givenToken(caller);
    const limited = await givenToken(caller, { bucket: 'photos' });
    await expect(sessions.endCurrentSession(whole.caller)).rejects.toBeInstanceOf(SessionNotFoundError);
    await expect(sessions.listSessions(limited.caller, { limit: 1 })).rejects.toBeInstanceOf(UserForbiddenError);
    await expect(sessions.endSession(limited.caller, caller.credentialId)).rejects.toBeInstanceOf(UserForbiddenError);
  });

  it('logs neither token nor address', async () => {
    const { givenOwner, sessions, logs } = givenIdentity();
    const { caller, sessionToken, email } = await givenOwner();
    await sessions.endCurrentSession(caller);
    const lines = JSON.stringify(logs.lines);
    expect(logs.withMessage('signed in')).toHaveLength(1);
    expect(logs.withMessage('signed out')).toHaveLength(1);
    expect(lines).not.toContain(sessionToken);
    expect(lines).not.toContain(email);
  });
});

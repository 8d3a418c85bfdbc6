import { describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { givenIdentity, photosId } from '../../test/identity-in-memory.ts';
import { BucketNotFoundError } from '../buckets/bucket-errors.ts';
import { InsufficientScopeError, UnauthenticatedError } from '../http/http-errors.ts';
import { InvalidRequestError } from '../http/invalid-request-error.ts';
import { UserForbiddenError } from '../users/user-errors.ts';
import { AccessTokenNotFoundError } from './access-token-errors.ts';

const everything = { name: 'ci', scopes: ['admin'] } as const;

describe('AccessTokenService', () => {
  it('makes a token that stands for its user', async () => {
    const { givenOwner, tokens, findToken } = givenIdentity();
    const { caller } = await givenOwner();
    const { accessToken, token } = await tokens.createToken(caller, {
      name: 'ci',
      scopes: ['write'],
      bucket: 'photos',
    });
    expect(token).toMatch(/^stw_[A-Za-z0-9_-]{43}$/);
    expect(accessToken).toMatchObject({ name: 'ci', bucket: { id: photosId, name: 'photos' } });
    expect(await findToken(token)).toEqual({
      ...{ accountId: caller.accountId, userId: caller.userId, role: 'owner' },
      ...{ credential: 'access-token', credentialId: accessToken.id, scopes: ['write'], bucketId: photosId },
    });
  });

  it('gives a token no scope its maker lacks', async () => {
    const { givenOwner, givenToken, tokens } = givenIdentity();
    const writer = { ...(await givenToken((await givenOwner()).caller)).caller, scopes: ['write'] as const };
    await expect(tokens.createToken(writer, everything)).rejects.toBeInstanceOf(InsufficientScopeError);
    await expect(tokens.createToken(writer, { name: 'ci', scopes: ['read', 'write'] })).resolves.toBeDefined();
  });

  it('keeps what a token of one bucket makes in that bucket', async () => {
    const { givenOwner, givenToken, tokens } = givenIdentity();
    const { caller } = await givenToken((await givenOwner()).caller, { bucket: 'photos' });
    await expect(tokens.createToken(caller, everything)).rejects.toBeInstanceOf(UserForbiddenError);
    await expect(tokens.createToken(caller, { ...everything, bucket: 'videos' })).rejects.toBeInstanceOf(
      BucketNotFoundError,
    );
    await expect(tokens.createToken(caller, { ...everything, bucket: 'photos' })).resolves.toBeDefined();
  });

  it('refuses a token that has expired before it is made', async () => {
    const { givenOwner, tokens } = givenIdentity();
    const { caller } = await givenOwner();
    const expired = tokens.createToken(caller, { ...everything, expiresAt: new Date('2026-01-02T03:04:05Z') });
    await expect(expired).rejects.toBeInstanceOf(InvalidRequestError);
    await expect(expired).rejects.toMatchObject({ faults: [{ pointer: '/expiresAt' }] });
  });

  it('ends no token later than the one it is made with', async () => {
    const { givenOwner, tokens, findToken } = givenIdentity();
    const expiresAt = new Date('2026-01-03T00:00:00Z');
    const { token } = await tokens.createToken((await givenOwner()).caller, { ...everything, expiresAt });
    const caller = await findToken(token);
    if (caller === undefined) throw new Error('the token is not known');
    const later = tokens.createToken(caller, { ...everything, expiresAt: new Date(expiresAt.getTime() + 1) });
    await expect(later).rejects.toMatchObject({ faults: [{ pointer: '/expiresAt' }] });
    const expiryOf = async (wanted?: Date): Promise<Date | undefined> =>
      (await tokens.createToken(caller, { ...everything, expiresAt: wanted })).accessToken.expiresAt;
    expect([await expiryOf(), await expiryOf(expiresAt)]).toEqual([expiresAt, expiresAt]);
    const sooner = new Date('2026-01-02T12:00:00Z');
    expect(await expiryOf(sooner)).toEqual(sooner);
  });

  it('takes a token until it expires, cached or not', async () => {
    const { givenOwner, tokens, findToken, advance } = givenIdentity();
    const { caller } = await givenOwner();
    const { token } = await tokens.createToken(caller, { ...everything, expiresAt: new Date('2026-01-02T03:05:00Z') });
    advance(54_999);
    expect(await findToken(token)).toBeDefined();
    advance(1);
    expect(await findToken(token)).toBeUndefined();
  });

  it('makes none for a user who was removed meanwhile', async () => {
    const { givenOwner, givenUser, users, tokens } = givenIdentity();
    const owner = await givenOwner();
    const member = await givenUser(owner.caller, 'member');
    await users.removeUser(owner.caller, member.caller.userId);
    await expect(tokens.createToken(member.caller, everything)).rejects.toBeInstanceOf(UnauthenticatedError);
  });

  it("lists the caller's own, and the account's to owners and admins", async () => {
    const { givenOwner, givenUser, givenToken, tokens } = givenIdentity();
    const owner = await givenOwner();
    const member = await givenUser(owner.caller, 'member');
    await givenToken(owner.caller, { name: 'of the owner' });
    await givenToken(member.caller, { name: 'of the member' });
    const names = async (all: boolean): Promise<readonly string[]> =>
      (await tokens.listTokens(owner.caller, { all }, { limit: 10 })).items.map(({ name }) => name);
    expect(await names(false)).toEqual(['of the owner']);
    expect(await names(true)).toEqual(['of the owner', 'of the member']);
    expect((await tokens.listTokens(member.caller, { all: false }, { limit: 10 })).items).toHaveLength(1);
    await expect(tokens.listTokens(member.caller, { all: true }, { limit: 10 })).rejects.toBeInstanceOf(
      UserForbiddenError,
    );
  });

  it('revokes at once', async () => {
    const { givenOwner, givenToken, tokens, findToken } = givenIdentity();
    const { caller } = await givenOwner();
    const { token, caller: made } = await givenToken(caller);
    await tokens.revokeToken(caller, made.credentialId);
    expect(await findToken(token)).toBeUndefined();
    await expect(tokens.revokeToken(caller, made.credentialId)).rejects.toBeInstanceOf(AccessTokenNotFoundError);
  });

  it("lets admins revoke any of the account's, members their own, nobody another account's", async () => {
    const { givenOwner, givenUser, givenToken, tokens, findToken } = givenIdentity();
    const owner = await givenOwner();
    const admin = await givenUser(owner.caller, 'admin');
    const member = await givenUser(owner.caller, 'member');
    const stranger = await givenOwner();
    const ofOwner = await givenToken(owner.caller);
    const { credentialId } = ofOwner.caller;
    for (const caller of [member.caller, stranger.caller]) {
      await expect(tokens.revokeToken(caller, credentialId)).rejects.toEqual(new AccessTokenNotFoundError());
      await expect(tokens.revokeToken(caller, newId())).rejects.toEqual(new AccessTokenNotFoundError());
    }
    expect(await findToken(ofOwner.token)).toBeDefined();
    await tokens.revokeToken(admin.caller, credentialId);
    expect(await findToken(ofOwner.token)).toBeUndefined();
  });

  it('lets a token of one bucket end itself and no other', async () => {
    const { givenOwner, givenToken, tokens, findToken } = givenIdentity();
    const { caller } = await givenOwner();
    const other = await givenToken(caller);
    const limited = await givenToken(caller, { bucket: 'photos' });
    await expect(tokens.revokeToken(limited.caller, other.caller.credentialId)).rejects.toBeInstanceOf(
      AccessTokenNotFoundError,
    );
    await tokens.revokeToken(limited.caller, limited.caller.credentialId);
    expect(await findToken(limited.token)).toBeUndefined();
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import {
  expiresAt,
  givenAccessToken,
  givenOwner,
  givenUser,
  newTokenHash,
  type IdentityRepositories,
} from '../../test/identity-repositories.ts';

/** What every AccessTokenRepository does. */
export function describeAccessTokenRepository(name: string, open: () => Promise<IdentityRepositories>): void {
  describe(name, () => {
    let repositories: IdentityRepositories;
    beforeAll(async () => {
      repositories = await open();
    });
    afterAll(async () => {
      await repositories[Symbol.asyncDispose]();
    });

    it('finds whom a token stands for by its hash', async () => {
      const user = await givenOwner(repositories);
      const bucket = await repositories.givenBucket(user.accountId);
      const { token, tokenHash } = await givenAccessToken(repositories, user, {
        scopes: ['write'],
        bucket: { id: bucket.id, name: bucket.name },
        expiresAt,
      });
      const { value, generation } = await repositories.accessTokens.find(tokenHash);
      expect(generation).toBeGreaterThan(0);
      expect(value).toEqual({
        principal: {
          accountId: user.accountId,
          userId: user.id,
          role: 'owner',
          credential: 'access-token',
          credentialId: token.id,
          scopes: ['write'],
          bucketId: bucket.id,
        },
        expiresAtMs: expiresAt.getTime(),
      });
    });

    it('limits neither bucket nor time unless told to', async () => {
      const { tokenHash } = await givenAccessToken(repositories, await givenOwner(repositories));
      const { value } = await repositories.accessTokens.find(tokenHash);
      expect(value?.principal).not.toHaveProperty('bucketId');
      expect(value).not.toHaveProperty('expiresAtMs');
      expect(await repositories.accessTokens.find(newTokenHash())).toEqual({ generation: 0, value: undefined });
    });

    it('stores a token once, however often it is told to', async () => {
      const { accessTokens } = repositories;
      const user = await givenOwner(repositories);
      const { token, tokenHash } = await givenAccessToken(repositories, user);
      const { generation } = await accessTokens.find(tokenHash);
      expect(await accessTokens.insert(token, tokenHash)).toBe(true);
      expect((await accessTokens.find(tokenHash)).generation).toBe(generation);
      expect((await accessTokens.list({ accountId: user.accountId }, { limit: 9 })).items).toHaveLength(1);
    });

    it('stores none for a user who is gone', async () => {
      const { accessTokens } = repositories;
      const user = await givenOwner(repositories);
      const { token } = await givenAccessToken(repositories, user);
      expect(await accessTokens.insert({ ...token, id: newId(), userId: newId() }, newTokenHash())).toBe(false);
    });

    it("lists a user's or the account's, page by page", async () => {
      const { accessTokens } = repositories;
      const owner = await givenOwner(repositories);
      const member = await givenUser(repositories, owner.accountId, 'member');
      await givenAccessToken(repositories, await givenOwner(repositories));
      const bucket = await repositories.givenBucket(owner.accountId);
      const first = await givenAccessToken(repositories, owner, {
        bucket: { id: bucket.id, name: bucket.name },
        expiresAt,
      });
      const second = await givenAccessToken(repositories, member);
      const { accountId } = owner;
      const page = await accessTokens.list({ accountId }, { limit: 1 });
      expect(page).toEqual({ items: [first.token], next: first.token.id });
      expect(await accessTokens.list({ accountId }, { after: page.next, limit: 1 })).toEqual({
        items: [second.token],
        next: undefined,
      });
      expect((await accessTokens.list({ accountId, userId: member.id }, { limit: 9 })).items).toEqual([second.token]);
    });

    it('deletes what the filter lets, once, with a generation that replaces what was cached', async () => {
      const { accessTokens } = repositories;
      const owner = await givenOwner(repositories);
      const other = await givenOwner(repositories);
      const { accountId } = owner;
      const { token, tokenHash } = await givenAccessToken(repositories, owner);
      const { generation } = await accessTokens.find(tokenHash);
      expect(await accessTokens.delete({ accountId: other.accountId }, token.id)).toBeUndefined();
      expect(await accessTokens.delete({ accountId, userId: other.id }, token.id)).toBeUndefined();
      const change = await accessTokens.delete({ accountId, userId: owner.id }, token.id);
      expect(change).toEqual({ tokenHash, credential: { generation: expect.any(Number), value: undefined } });
      expect(change?.credential.generation).toBeGreaterThan(generation);
      expect(await accessTokens.delete({ accountId }, token.id)).toBeUndefined();
    });
  });
}

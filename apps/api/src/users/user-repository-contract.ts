import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import {
  givenAccessToken,
  givenOwner,
  givenSession,
  givenUser,
  passwordHash,
  type IdentityRepositories,
} from '../../test/identity-repositories.ts';
import { LastOwnerError, UserForbiddenError, UserNotFoundError } from './user-errors.ts';
import type { User } from './user.ts';

const permitted = (): void => undefined;

/** What every UserRepository does. */
export function describeUserRepository(name: string, open: () => Promise<IdentityRepositories>): void {
  describe(name, () => {
    let repositories: IdentityRepositories;
    beforeAll(async () => {
      repositories = await open();
    });
    afterAll(async () => {
      await repositories[Symbol.asyncDispose]();
    });

    it('finds a user in its own account only', async () => {
      const { users } = repositories;
      const user = await givenOwner(repositories);
      const other = await givenOwner(repositories);
      expect(await users.find(user.accountId, user.id)).toEqual(user);
      expect(await users.find(other.accountId, user.id)).toBeUndefined();
      expect(await users.findWithPassword(user.id)).toEqual({ user, passwordHash });
      expect(await users.findWithPassword(newId())).toBeUndefined();
      expect(await users.findByEmail('nobody@example.com')).toBeUndefined();
    });

    it('lists an account page by page', async () => {
      const { users } = repositories;
      const owner = await givenOwner(repositories);
      await givenOwner(repositories);
      const all = [
        owner,
        await givenUser(repositories, owner.accountId, 'admin'),
        await givenUser(repositories, owner.accountId, 'member'),
      ];
      const first = await users.list(owner.accountId, { limit: 2 });
      const second = await users.list(owner.accountId, { after: first.next, limit: 2 });
      expect(first).toEqual({ items: all.slice(0, 2), next: all[1]?.id });
      expect(second).toEqual({ items: all.slice(2), next: undefined });
    });

    it('ends sessions and renews access tokens when the role changes', async () => {
      const { users, sessions, accessTokens } = repositories;
      const owner = await givenOwner(repositories);
      const user = await givenUser(repositories, owner.accountId, 'member');
      const session = await givenSession(repositories, user);
      const { tokenHash } = await givenAccessToken(repositories, user);
      const before = await accessTokens.find(tokenHash);
      const { user: changed, changes } = await users.changeRole(
        { accountId: user.accountId, userId: user.id, role: 'admin' },
        permitted,
      );
      const after = await accessTokens.find(tokenHash);
      expect(changed).toEqual({ ...user, role: 'admin' });
      expect(changes).toEqual({ endedSessions: [session.tokenHash], accessTokens: [{ tokenHash, credential: after }] });
      expect(after.generation).toBeGreaterThan(before.generation);
      expect(after.value?.principal.role).toBe('admin');
      expect(await sessions.find(session.tokenHash)).toBeUndefined();
    });

    it('touches no credential when the role stays', async () => {
      const { users, sessions } = repositories;
      const user = await givenOwner(repositories);
      const { tokenHash } = await givenSession(repositories, user);
      const { changes } = await users.changeRole(
        { accountId: user.accountId, userId: user.id, role: 'owner' },
        permitted,
      );
      expect(changes).toEqual({ endedSessions: [], accessTokens: [] });
      expect(await sessions.find(tokenHash)).toBeDefined();
    });

    it.each(['changeRole', 'remove'] as const)(
      '%s changes nothing when it is not permitted or the user is not in the account',
      async (method) => {
        const { users } = repositories;
        const owner = await givenOwner(repositories);
        const other = await givenOwner(repositories);
        const user = await givenUser(repositories, owner.accountId, 'member');
        const act = (accountId: string, permit: (user: User) => void): Promise<unknown> =>
          method === 'remove'
            ? users.remove({ accountId, id: user.id }, permit)
            : users.changeRole({ accountId, userId: user.id, role: 'admin' }, permit);
        const forbid = (current: User): void => {
          expect(current).toEqual(user);
          throw new UserForbiddenError();
        };
        await expect(act(owner.accountId, forbid)).rejects.toBeInstanceOf(UserForbiddenError);
        await expect(act(other.accountId, permitted)).rejects.toBeInstanceOf(UserNotFoundError);
        expect(await users.find(owner.accountId, user.id)).toEqual(user);
      },
    );

    it('keeps at least one owner, also when two unmake each other at once', async () => {
      const { users } = repositories;
      const first = await givenOwner(repositories);
      const second = await givenUser(repositories, first.accountId, 'owner');
      const demote = ({ id: userId, accountId }: User): Promise<unknown> =>
        users.changeRole({ accountId, userId, role: 'member' }, permitted);
      const outcomes = await Promise.allSettled([demote(first), demote(second)]);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toEqual([expect.objectContaining({ reason: expect.any(LastOwnerError) })]);
      const { items } = await users.list(first.accountId, { limit: 10 });
      expect(items.filter(({ role }) => role === 'owner')).toHaveLength(1);
    });

    it('does not remove the last owner', async () => {
      const { users } = repositories;
      const owner = await givenOwner(repositories);
      await givenUser(repositories, owner.accountId, 'admin');
      await expect(users.remove(owner, permitted)).rejects.toBeInstanceOf(LastOwnerError);
      expect(await users.find(owner.accountId, owner.id)).toEqual(owner);
    });

    it('removes a user with its credentials', async () => {
      const { users, sessions, accessTokens } = repositories;
      const owner = await givenOwner(repositories);
      const user = await givenUser(repositories, owner.accountId, 'member');
      const session = await givenSession(repositories, user);
      const { tokenHash } = await givenAccessToken(repositories, user);
      const { generation } = await accessTokens.find(tokenHash);
      const changes = await users.remove(user, permitted);
      expect(changes.endedSessions).toEqual([session.tokenHash]);
      expect(changes.accessTokens).toEqual([
        { tokenHash, credential: { generation: expect.any(Number), value: undefined } },
      ]);
      expect(changes.accessTokens[0]?.credential.generation).toBeGreaterThan(generation);
      expect(await users.find(user.accountId, user.id)).toBeUndefined();
      expect(await sessions.find(session.tokenHash)).toBeUndefined();
      expect((await accessTokens.find(tokenHash)).value).toBeUndefined();
    });

    it('changes a password once, and ends every session but one', async () => {
      const { users, sessions } = repositories;
      const user = await givenOwner(repositories);
      const kept = await givenSession(repositories, user);
      const other = await givenSession(repositories, user);
      const change = { userId: user.id, from: passwordHash, to: 'new hash', keptSessionId: kept.session.id };
      expect(await users.changePassword(change)).toEqual([other.tokenHash]);
      expect(await users.changePassword(change)).toBeUndefined();
      expect((await users.findWithPassword(user.id))?.passwordHash).toBe('new hash');
      expect(await sessions.find(kept.tokenHash)).toBeDefined();
      expect(await sessions.find(other.tokenHash)).toBeUndefined();
    });
  });
}

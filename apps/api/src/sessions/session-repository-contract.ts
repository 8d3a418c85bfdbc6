import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import {
  expiresAt,
  givenOwner,
  givenSession,
  madeAt,
  newTokenHash,
  passwordHash,
  type IdentityRepositories,
} from '../../test/identity-repositories.ts';

/** What every SessionRepository does. */
export function describeSessionRepository(name: string, open: () => Promise<IdentityRepositories>): void {
  describe(name, () => {
    let repositories: IdentityRepositories;
    beforeAll(async () => {
      repositories = await open();
    });
    afterAll(async () => {
      await repositories[Symbol.asyncDispose]();
    });

    it('finds who is signed in by the hash of the token', async () => {
      const user = await givenOwner(repositories);
      const { session, tokenHash } = await givenSession(repositories, user);
      expect(await repositories.sessions.find(tokenHash)).toEqual({
        principal: {
          accountId: user.accountId,
          userId: user.id,
          role: 'owner',
          credential: 'session',
          credentialId: session.id,
          scopes: ['read', 'write', 'admin'],
        },
        expiresAtMs: expiresAt.getTime(),
      });
      expect(await repositories.sessions.find(newTokenHash())).toBeUndefined();
    });

    it('stores none when the password has changed or the user is gone', async () => {
      const { sessions } = repositories;
      const user = await givenOwner(repositories);
      const { session } = await givenSession(repositories, user);
      const changed = { tokenHash: newTokenHash(), passwordHash: 'another hash' };
      const gone = { tokenHash: newTokenHash(), passwordHash };
      expect(await sessions.insert({ ...session, id: newId() }, changed)).toBe(false);
      expect(await sessions.insert({ ...session, id: newId(), userId: newId() }, gone)).toBe(false);
      expect(await sessions.find(changed.tokenHash)).toBeUndefined();
    });

    it("lists a user's sessions that have not expired, page by page", async () => {
      const { sessions } = repositories;
      const user = await givenOwner(repositories);
      await givenSession(repositories, await givenOwner(repositories));
      await givenSession(repositories, user, { expiresAt: madeAt });
      const first = await givenSession(repositories, user);
      const second = await givenSession(repositories, user);
      const page = await sessions.list(user.id, madeAt, { limit: 1 });
      expect(page).toEqual({ items: [first.session], next: first.session.id });
      expect(await sessions.list(user.id, madeAt, { after: page.next, limit: 1 })).toEqual({
        items: [second.session],
        next: undefined,
      });
    });

    it("deletes a user's own session, once", async () => {
      const { sessions } = repositories;
      const user = await givenOwner(repositories);
      const other = await givenOwner(repositories);
      const { session, tokenHash } = await givenSession(repositories, user);
      expect(await sessions.delete(other.id, session.id)).toBeUndefined();
      expect(await sessions.delete(user.id, session.id)).toBe(tokenHash);
      expect(await sessions.delete(user.id, session.id)).toBeUndefined();
      expect(await sessions.find(tokenHash)).toBeUndefined();
    });
  });
}

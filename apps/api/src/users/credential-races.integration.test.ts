import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgDb, sql } from '@stowage/db';
import { untilLockIsWaitedFor } from '@stowage/db/testing';
import { v7 as newId } from 'uuid';
import {
  expiresAt,
  givenOwner,
  madeAt,
  newTokenHash,
  passwordHash,
  type IdentityRepositories,
} from '../../test/identity-repositories.ts';
import { openPgRepositories } from '../../test/pg-identity-repositories.ts';
import type { User } from './user.ts';

/** A change of a user ends or renews the credentials it sees; none may slip in between that and its commit. */
describe('credentials made while their user is being changed', () => {
  let repositories: IdentityRepositories & { readonly url: string };
  let db: PgDb;
  beforeAll(async () => {
    repositories = await openPgRepositories();
    db = PgDb.open({
      connection: { url: repositories.url },
      applicationName: 'changing',
      onPoolError: () => undefined,
    });
  });
  afterAll(async () => {
    await db[Symbol.asyncDispose]();
    await repositories[Symbol.asyncDispose]();
  });

  /** Starts the work while a change of the user is open, commits the change, and answers what the work did. */
  async function duringChange(user: User, work: () => Promise<boolean>): Promise<boolean> {
    let working: Promise<boolean> = Promise.resolve(false);
    await db.transaction(async (tx) => {
      await tx.execute(sql('change_user')`
        update users set role = 'admin', password_hash = 'new hash' where id = ${user.id}`);
      working = work();
      expect(await Promise.race([untilLockIsWaitedFor(db).then(() => 'waiting'), working.then(() => 'done')])).toBe(
        'waiting',
      );
    });
    return working;
  }

  it('an access token has the role of after it', async () => {
    const { accessTokens } = repositories;
    const user = await givenOwner(repositories);
    const { accountId, id: userId } = user;
    const tokenHash = newTokenHash();
    const token = { id: newId(), accountId, userId, name: 'ci', scopes: ['read'] as const, createdAt: madeAt };
    expect(await duringChange(user, () => accessTokens.insert(token, tokenHash))).toBe(true);
    expect((await accessTokens.find(tokenHash)).value?.principal.role).toBe('admin');
  });

  it('no session is made with the password of before it', async () => {
    const { sessions } = repositories;
    const user = await givenOwner(repositories);
    const { accountId, id: userId } = user;
    const times = { createdAt: madeAt, expiresAt };
    const session = { id: newId(), accountId, userId, address: '192.0.2.1', userAgent: 'test', ...times };
    const secrets = { tokenHash: newTokenHash(), passwordHash };
    expect(await duringChange(user, () => sessions.insert(session, secrets))).toBe(false);
    expect(await sessions.find(secrets.tokenHash)).toBeUndefined();
  });
});

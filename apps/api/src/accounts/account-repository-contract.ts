import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import {
  givenOwner,
  madeAt,
  newEmail,
  passwordHash,
  type IdentityRepositories,
} from '../../test/identity-repositories.ts';
import { EmailTakenError } from './account-errors.ts';

/** What every AccountRepository does. */
export function describeAccountRepository(name: string, open: () => Promise<IdentityRepositories>): void {
  describe(name, () => {
    let repositories: IdentityRepositories;
    beforeAll(async () => {
      repositories = await open();
    });
    afterAll(async () => {
      await repositories[Symbol.asyncDispose]();
    });

    it('stores an account with its owner', async () => {
      const { accounts, users } = repositories;
      const account = { id: newId(), name: 'Grüße 🚢', createdAt: madeAt };
      const user = { id: newId(), accountId: account.id, email: newEmail(), role: 'owner' as const, createdAt: madeAt };
      await accounts.insert(account, { user, passwordHash });
      expect(await accounts.find(account.id)).toEqual(account);
      expect(await users.findByEmail(user.email)).toEqual({ user, passwordHash });
    });

    it('refuses an e-mail address that a user of any account has, and stores nothing', async () => {
      const { accounts } = repositories;
      const { email } = await givenOwner(repositories);
      const account = { id: newId(), name: 'Second', createdAt: madeAt };
      const user = { id: newId(), accountId: account.id, email, role: 'owner' as const, createdAt: madeAt };
      await expect(accounts.insert(account, { user, passwordHash })).rejects.toBeInstanceOf(EmailTakenError);
      expect(await accounts.find(account.id)).toBeUndefined();
    });

    it('stores an account once, however often it is told to', async () => {
      const { accounts, users } = repositories;
      const account = { id: newId(), name: 'Again', createdAt: madeAt };
      const user = { id: newId(), accountId: account.id, email: newEmail(), role: 'owner' as const, createdAt: madeAt };
      await accounts.insert(account, { user, passwordHash });
      await accounts.insert({ ...account, name: 'Changed' }, { user, passwordHash: 'another' });
      expect(await accounts.find(account.id)).toEqual(account);
      expect(await users.findByEmail(user.email)).toEqual({ user, passwordHash });
    });

    it('finds nothing under an unknown id', async () => {
      expect(await repositories.accounts.find(newId())).toBeUndefined();
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { givenIdentity, password } from '../../test/identity-in-memory.ts';
import { EmailTakenError, SignUpClosedError } from './account-errors.ts';

const signUp = { accountName: 'Ada & Co', email: 'ada@example.com', password };

describe('AccountService', () => {
  it('makes an account with its owner, who can then sign in', async () => {
    const identity = givenIdentity();
    const { account, user } = await identity.accounts.signUp(signUp);
    expect(account.name).toBe('Ada & Co');
    expect(user).toMatchObject({ accountId: account.id, email: 'ada@example.com', role: 'owner' });
    const { caller } = await identity.signIn('ada@example.com');
    expect(caller).toMatchObject({
      accountId: account.id,
      userId: user.id,
      role: 'owner',
      scopes: ['read', 'write', 'admin'],
    });
    expect(await identity.accounts.getAccount(caller)).toEqual(account);
  });

  it.each(['invite', 'closed'] as const)('takes nobody in mode %s', async (signUpMode) => {
    const { accounts } = givenIdentity({ signUpMode });
    await expect(accounts.signUp(signUp)).rejects.toBeInstanceOf(SignUpClosedError);
  });

  it('refuses an e-mail address that somebody has', async () => {
    const { accounts } = givenIdentity();
    await accounts.signUp(signUp);
    await expect(accounts.signUp(signUp)).rejects.toBeInstanceOf(EmailTakenError);
  });

  it('counts and logs without saying who', async () => {
    const { accounts, logs } = givenIdentity();
    const { account, user } = await accounts.signUp(signUp);
    expect(logs.withMessage('signed up')).toEqual([
      expect.objectContaining({ accountId: account.id, userId: user.id }),
    ]);
    const lines = JSON.stringify(logs.lines);
    expect(lines).not.toContain('ada@example.com');
    expect(lines).not.toContain(password);
  });
});

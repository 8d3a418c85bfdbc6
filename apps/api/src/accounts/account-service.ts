import type { ApiEvents } from '../events/api-events.ts';
import type { Principal } from '../http/principal.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import type { User } from '../users/user.ts';
import { SignUpClosedError } from './account-errors.ts';
import type { AccountRepository } from './account-repository.ts';
import type { Account, SignUpMode } from './account.ts';

export interface AccountServiceOptions {
  readonly accounts: AccountRepository;
  readonly passwords: PasswordHasher;
  readonly signUpMode: SignUpMode;
  readonly events: ApiEvents;
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface SignUp {
  readonly accountName: string;
  readonly email: string;
  readonly password: string;
}

export class AccountService {
  readonly #options: AccountServiceOptions;

  constructor(options: AccountServiceOptions) {
    this.#options = options;
  }

  /**
   * Makes an account and its owner, who signs in next.
   * @throws SignUpClosedError unless the mode is `open`.
   * @throws EmailTakenError
   */
  async signUp({ accountName, email, password }: SignUp): Promise<{ readonly account: Account; readonly user: User }> {
    const { accounts, passwords, signUpMode, events, now, newId } = this.#options;
    if (signUpMode !== 'open') throw new SignUpClosedError();
    const createdAt = now();
    const account: Account = { id: newId(), name: accountName, createdAt };
    const user: User = { id: newId(), accountId: account.id, email, role: 'owner', createdAt };
    await accounts.insert(account, { user, passwordHash: await passwords.hash(password) });
    events.signedUp({ accountId: account.id, userId: user.id });
    return { account, user };
  }

  /** The caller's own account. */
  async getAccount(caller: Principal): Promise<Account> {
    const account = await this.#options.accounts.find(caller.accountId);
    if (account === undefined) throw new Error('The account of a caller is missing');
    return account;
  }
}

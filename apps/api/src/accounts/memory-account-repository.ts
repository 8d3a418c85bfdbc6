import type { UserWithPassword } from '../users/user.ts';
import { EmailTakenError } from './account-errors.ts';
import type { AccountRepository } from './account-repository.ts';
import type { Account } from './account.ts';

export class MemoryAccountRepository implements AccountRepository {
  readonly #accounts = new Map<string, Account>();
  /** By e-mail address; `MemoryUserRepository` may share it. */
  readonly owners = new Map<string, UserWithPassword>();

  async insert(account: Account, owner: UserWithPassword): Promise<void> {
    if (this.owners.has(owner.user.email)) throw new EmailTakenError();
    this.#accounts.set(account.id, account);
    this.owners.set(owner.user.email, owner);
  }

  async find(accountId: string): Promise<Account | undefined> {
    return this.#accounts.get(accountId);
  }
}

import type { UserWithPassword } from '../users/user.ts';
import { EmailTakenError } from './account-errors.ts';
import type { AccountRepository } from './account-repository.ts';
import type { Account } from './account.ts';
import type { MemoryTables } from './tables-in-memory.ts';

export class MemoryAccountRepository implements AccountRepository {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async insert(account: Account, owner: UserWithPassword): Promise<void> {
    if (this.#tables.accounts.has(account.id)) return;
    if (this.#tables.hasEmail(owner.user.email)) throw new EmailTakenError();
    this.#tables.accounts.set(account.id, account);
    this.#tables.users.set(owner.user.id, owner);
  }

  async find(accountId: string): Promise<Account | undefined> {
    return this.#tables.accounts.get(accountId);
  }
}

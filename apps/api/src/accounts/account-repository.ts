import type { UserWithPassword } from '../users/user.ts';
import type { Account } from './account.ts';

export interface AccountRepository {
  /**
   * Stores the account together with its first user; nothing when an account with the id is stored already.
   * @throws EmailTakenError when a user has the address; nothing is stored.
   */
  insert(account: Account, owner: UserWithPassword): Promise<void>;
  find(accountId: string): Promise<Account | undefined>;
}

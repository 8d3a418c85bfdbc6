import { sql, UniqueViolationError, type TransactionalDb } from '@stowage/db';
import type { UserWithPassword } from '../users/user.ts';
import { EmailTakenError } from './account-errors.ts';
import type { AccountRepository } from './account-repository.ts';
import type { Account } from './account.ts';

export class PgAccountRepository implements AccountRepository {
  readonly #db: TransactionalDb;

  constructor(db: TransactionalDb) {
    this.#db = db;
  }

  async insert(account: Account, { user, passwordHash }: UserWithPassword): Promise<void> {
    try {
      await this.#db.execute(sql('insert_account')`
        with account as (
          insert into accounts (id, name, created_at) values (${account.id}, ${account.name}, ${account.createdAt})
          returning id
        )
        insert into users (id, account_id, email, password_hash, role, created_at)
        select ${user.id}::uuid, id, ${user.email}::text, ${passwordHash}::text, ${user.role}::text, ${user.createdAt}::timestamptz
        from account`);
    } catch (error) {
      if (!(error instanceof UniqueViolationError)) throw error;
      if (error.constraint === 'users_email_key') throw new EmailTakenError({ cause: error });
      if (error.constraint !== 'accounts_pkey') throw error;
    }
  }

  async find(accountId: string): Promise<Account | undefined> {
    return this.#db.row<Account>(
      sql('find_account')`select id, name, created_at as "createdAt" from accounts where id = ${accountId}`,
    );
  }
}

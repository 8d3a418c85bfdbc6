import { PgDb } from '@stowage/db';
import { v7 as newId } from 'uuid';
import { PgAccessTokenRepository } from '../src/access-tokens/pg-access-token-repository.ts';
import { PgAccountRepository } from '../src/accounts/pg-account-repository.ts';
import { PgBucketRepository } from '../src/buckets/pg-bucket-repository.ts';
import { PgInvitationRepository } from '../src/invitations/pg-invitation-repository.ts';
import { PgSessionRepository } from '../src/sessions/pg-session-repository.ts';
import { PgUserRepository } from '../src/users/pg-user-repository.ts';
import type { IdentityRepositories } from './identity-repositories.ts';
import { givenDatabase } from './start-api.ts';

/** The real repositories over a database of their own. */
export async function openPgRepositories(): Promise<IdentityRepositories & { readonly url: string }> {
  await using opened = new AsyncDisposableStack();
  const { url } = opened.use(await givenDatabase());
  const db = opened.use(
    PgDb.open({ connection: { url }, applicationName: 'test', poolMax: 8, onPoolError: () => undefined }),
  );
  const buckets = new PgBucketRepository(db);
  const resources = opened.move();
  return {
    url,
    accounts: new PgAccountRepository(db),
    users: new PgUserRepository(db),
    invitations: new PgInvitationRepository(db),
    sessions: new PgSessionRepository(db),
    accessTokens: new PgAccessTokenRepository(db),
    givenBucket: (accountId) =>
      buckets.insert({ id: newId(), accountId, name: 'photos', retentionDays: 1, publicRead: false }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

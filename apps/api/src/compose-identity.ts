import type { TransactionalDb } from '@stowage/db';
import { AccessTokenCache } from './access-tokens/access-token-cache.ts';
import { accessTokenRoutes } from './access-tokens/access-token-routes.ts';
import { AccessTokenService } from './access-tokens/access-token-service.ts';
import { PgAccessTokenRepository } from './access-tokens/pg-access-token-repository.ts';
import { accountRoutes } from './accounts/account-routes.ts';
import { AccountService } from './accounts/account-service.ts';
import { PgAccountRepository } from './accounts/pg-account-repository.ts';
import type { BucketService } from './buckets/bucket-service.ts';
import type { CacheFence } from './cache-epoch/cache-fence.ts';
import type { CacheStore } from './compose-stores.ts';
import type { ApiSettings } from './config/api-config.ts';
import type { ApiEvents } from './events/api-events.ts';
import type { Credentials } from './http/authenticate.ts';
import { limitByEmail } from './http/rate-limit.ts';
import type { Route } from './http/route.ts';
import { invitationRoutes } from './invitations/invitation-routes.ts';
import type { RequestDraws } from './idempotency/request-draws.ts';
import { InvitationService } from './invitations/invitation-service.ts';
import { PgInvitationRepository } from './invitations/pg-invitation-repository.ts';
import type { Credential, SessionCredential } from './sessions/credential.ts';
import { PgSessionRepository } from './sessions/pg-session-repository.ts';
import { SessionCache } from './sessions/session-cache.ts';
import { sessionRoutes } from './sessions/session-routes.ts';
import { SessionService } from './sessions/session-service.ts';
import { PasswordHasher } from './users/password-hasher.ts';
import { PgUserRepository } from './users/pg-user-repository.ts';
import { userRoutes } from './users/user-routes.ts';
import { UserService } from './users/user-service.ts';

export interface ComposeIdentityOptions {
  readonly settings: ApiSettings;
  readonly db: TransactionalDb;
  readonly cache: CacheStore;
  readonly fence: CacheFence;
  readonly events: ApiEvents;
  readonly buckets: BucketService;
  readonly draws: RequestDraws;
}

/** Everything about who calls: accounts, users, invitations, sessions, access tokens. */
export function composeIdentity(options: ComposeIdentityOptions): {
  routes: readonly Route[];
  credentials: Credentials;
} {
  const { settings, db, cache, events, buckets, draws } = options;
  const { now, newId, newSecret } = draws;
  const lifetimeMs = settings.SESSION_LIFETIME_HOURS * 3_600_000;
  const passwords = new PasswordHasher();
  const repositories = { sessions: new PgSessionRepository(db), tokens: new PgAccessTokenRepository(db) };
  const { sessions, accessTokens } = composeCredentials(options, { ...repositories, lifetimeMs, now });

  const users = new UserService({ users: new PgUserRepository(db), passwords, sessions, accessTokens, events });
  const joining = { passwords, signUpMode: settings.SIGN_UP_MODE, events, now, newId, newSecret };
  const sessionService = new SessionService({
    ...{ sessions: repositories.sessions, cache: sessions, users, lifetimeMs, events, now, newId },
    limitByEmail: (email) =>
      limitByEmail(cache.rateLimiter, email, {
        requestsPerMinute: settings.REQUESTS_PER_MINUTE,
        signInsPerMinute: settings.SIGN_INS_PER_MINUTE,
      }),
  });
  const tokenService = new AccessTokenService({
    ...{ tokens: repositories.tokens, cache: accessTokens, events, now, newId, newSecret },
    getBucket: (caller, name) => buckets.getBucket(caller, name),
  });
  const routes = [
    ...accountRoutes(new AccountService({ ...joining, accounts: new PgAccountRepository(db) })),
    ...userRoutes(users),
    ...invitationRoutes(new InvitationService({ ...joining, invitations: new PgInvitationRepository(db) })),
    ...sessionRoutes(sessionService, { secureCookie: settings.NODE_ENV === 'production' }),
    ...accessTokenRoutes(tokenService),
  ];
  const credentials: Credentials = {
    findSession: (token) => sessions.find(token),
    findAccessToken: (token) => accessTokens.find(token),
  };
  return { routes, credentials };
}

interface CredentialSources {
  readonly sessions: PgSessionRepository;
  readonly tokens: PgAccessTokenRepository;
  readonly lifetimeMs: number;
  readonly now: () => Date;
}

function composeCredentials(
  { cache, fence }: ComposeIdentityOptions,
  { sessions, tokens, lifetimeMs, now }: CredentialSources,
): { sessions: SessionCache; accessTokens: AccessTokenCache } {
  // No absent entries: made-up tokens would fill the cache.
  const sessionCache = cache.versionedCache<SessionCredential>({ prefix: 'session-1', absentLifetimeMs: 0 });
  const tokenCache = cache.versionedCache<Credential>({ prefix: 'access-token-1', absentLifetimeMs: 0 });
  return {
    sessions: new SessionCache({ cache: sessionCache, fence, sessions, lifetimeMs, now }),
    accessTokens: new AccessTokenCache({ cache: tokenCache, fence, tokens, now }),
  };
}

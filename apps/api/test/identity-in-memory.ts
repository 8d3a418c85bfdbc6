import { LocalVersionedCache } from '@stowage/cache';
import { createMetricsRegistry } from '@stowage/observability';
import { captureLogs, type CapturedLogs } from '@stowage/observability/testing';
import { v7 as newId } from 'uuid';
import { AccessTokenCache } from '../src/access-tokens/access-token-cache.ts';
import { AccessTokenService, type NewAccessToken } from '../src/access-tokens/access-token-service.ts';
import { MemoryAccessTokenRepository } from '../src/access-tokens/memory-access-token-repository.ts';
import { AccountService } from '../src/accounts/account-service.ts';
import type { SignUpMode } from '../src/accounts/account.ts';
import { MemoryAccountRepository } from '../src/accounts/memory-account-repository.ts';
import { MemoryTables } from '../src/accounts/tables-in-memory.ts';
import { BucketNotFoundError } from '../src/buckets/bucket-errors.ts';
import { ApiEvents } from '../src/events/api-events.ts';
import type { Principal, Role } from '../src/http/principal.ts';
import { InvitationService } from '../src/invitations/invitation-service.ts';
import { MemoryInvitationRepository } from '../src/invitations/memory-invitation-repository.ts';
import type { Credential, SessionCredential } from '../src/sessions/credential.ts';
import { MemorySessionRepository } from '../src/sessions/memory-session-repository.ts';
import { SessionCache } from '../src/sessions/session-cache.ts';
import { SessionService } from '../src/sessions/session-service.ts';
import { MemoryUserRepository } from '../src/users/memory-user-repository.ts';
import { PasswordHasher } from '../src/users/password-hasher.ts';
import { UserService } from '../src/users/user-service.ts';
import { newEmail } from './identity-repositories.ts';

export const password = 'correct horse battery staple';
export const sessionLifetimeMs = 3_600_000;

/** A user who is signed in. */
export interface SignedInUser {
  readonly caller: Principal;
  readonly email: string;
  readonly sessionToken: string;
}

/** The identity services on doubles, with a clock the test turns. */
export interface Identity {
  readonly accounts: AccountService;
  readonly users: UserService;
  readonly invitations: InvitationService;
  readonly sessions: SessionService;
  readonly tokens: AccessTokenService;
  readonly logs: CapturedLogs;
  /** Who the session token stands for. */
  readonly findSession: (token: string) => Promise<Principal | undefined>;
  readonly findToken: (token: string) => Promise<Principal | undefined>;
  readonly advance: (ms: number) => void;
  /** The addresses that were asked to be limited. */
  readonly limitedEmails: string[];
  readonly givenOwner: () => Promise<SignedInUser>;
  readonly givenUser: (inviter: Principal, role: Role) => Promise<SignedInUser>;
  readonly signIn: (email: string, password?: string) => Promise<SignedInUser>;
  /** The principal of a new access token of the caller's. */
  readonly givenToken: (
    caller: Principal,
    fields?: Partial<NewAccessToken>,
  ) => Promise<{ caller: Principal; token: string }>;
}

/** Id of the one bucket there is, named `photos`. */
export const photosId = newId();

export function givenIdentity({ signUpMode = 'open' }: { readonly signUpMode?: SignUpMode } = {}): Identity {
  let time = Date.parse('2026-01-02T03:04:05Z');
  const now = (): Date => new Date(time);
  const logs = captureLogs();
  const tables = new MemoryTables();
  const events = new ApiEvents({ registry: createMetricsRegistry({ defaultMetrics: false }), log: logs.logger });
  const passwords = new PasswordHasher({ memoryKibibytes: 8, passes: 1 });
  const fence = { publish: (change: () => Promise<void>): Promise<void> => change() };
  const caches = givenCaches(tables, { fence, now });
  const limitedEmails: string[] = [];
  const users = new UserService({ users: new MemoryUserRepository(tables), passwords, ...caches, events });
  const repositories = {
    accounts: new MemoryAccountRepository(tables),
    invitations: new MemoryInvitationRepository(tables),
  };
  const joining = (mode: SignUpMode): Pick<Identity, 'accounts' | 'invitations'> => {
    const options = { ...{ passwords, events, now, newId }, ...repositories, signUpMode: mode };
    return { accounts: new AccountService(options), invitations: new InvitationService(options) };
  };
  const sessions = new SessionService({
    ...{ sessions: new MemorySessionRepository(tables), cache: caches.sessions, users, events, now, newId },
    lifetimeMs: sessionLifetimeMs,
    limitByEmail: async (email) => void limitedEmails.push(email),
  });
  const tokens = new AccessTokenService({
    ...{ tokens: new MemoryAccessTokenRepository(tables), cache: caches.accessTokens, events, now, newId },
    getBucket,
  });
  const base = {
    ...joining(signUpMode),
    ...{ users, sessions, tokens, logs, limitedEmails },
    findSession: (token: string): Promise<Principal | undefined> => caches.sessions.find(token),
    findToken: (token: string): Promise<Principal | undefined> => caches.accessTokens.find(token),
    advance: (ms: number): void => void (time += ms),
  };
  // People come while sign-up is open, whatever the mode under test.
  return { ...base, ...givenPeople(base, joining('open')) };
}

async function getBucket(_caller: Principal, name: string): Promise<{ id: string; name: string }> {
  if (name !== 'photos') throw new BucketNotFoundError();
  return { id: photosId, name };
}

function givenCaches(
  tables: MemoryTables,
  clockwork: { fence: { publish: (change: () => Promise<void>) => Promise<void> }; now: () => Date },
): { sessions: SessionCache; accessTokens: AccessTokenCache } {
  const sessionCache = new LocalVersionedCache<SessionCredential>({ prefix: 'session', absentLifetimeMs: 0 });
  const tokenCache = new LocalVersionedCache<Credential>({ prefix: 'token', absentLifetimeMs: 0 });
  const sessions = new MemorySessionRepository(tables);
  const tokens = new MemoryAccessTokenRepository(tables);
  return {
    sessions: new SessionCache({ cache: sessionCache, sessions, lifetimeMs: sessionLifetimeMs, ...clockwork }),
    accessTokens: new AccessTokenCache({ cache: tokenCache, tokens, ...clockwork }),
  };
}

type People = Pick<Identity, 'givenOwner' | 'givenUser' | 'signIn' | 'givenToken'>;

function givenPeople(
  identity: Pick<Identity, 'sessions' | 'users' | 'tokens' | 'findSession' | 'findToken'>,
  open: Pick<Identity, 'accounts' | 'invitations'>,
): People {
  const signIn = async (email: string, typed = password): Promise<SignedInUser> => {
    const { token } = await identity.sessions.signIn({
      email,
      password: typed,
      address: '192.0.2.1',
      userAgent: 'test',
    });
    return { caller: found(await identity.findSession(token)), email, sessionToken: token };
  };
  return {
    signIn,
    givenOwner: async () => {
      const { user } = await open.accounts.signUp({ accountName: 'Ada & Co', email: newEmail(), password });
      return signIn(user.email);
    },
    givenUser: async (inviter, role) => {
      const invited = await open.invitations.invite(inviter, { email: newEmail(), role: 'member' });
      const user = await open.invitations.accept({ token: invited.token, password });
      if (role !== 'member') await identity.users.changeRole(inviter, user.id, role);
      return signIn(user.email);
    },
    givenToken: async (caller, fields = {}) => {
      const { token } = await identity.tokens.createToken(caller, { name: 'ci', scopes: ['admin'], ...fields });
      return { caller: found(await identity.findToken(token)), token };
    },
  };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('Expected to find it');
  return value;
}

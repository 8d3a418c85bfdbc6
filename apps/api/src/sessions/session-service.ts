import type { ApiEvents } from '../events/api-events.ts';
import type { Page, PageRequest } from '../http/page-cursor.ts';
import type { Principal } from '../http/principal.ts';
import { UserForbiddenError } from '../users/user-errors.ts';
import type { UserService } from '../users/user-service.ts';
import type { User } from '../users/user.ts';
import { hashToken, newSecretToken } from './secret-token.ts';
import type { SessionCache } from './session-cache.ts';
import { SessionNotFoundError, SignInFailedError } from './session-errors.ts';
import type { SessionRepository } from './session-repository.ts';
import type { Session } from './session.ts';

export interface SessionServiceOptions {
  readonly sessions: SessionRepository;
  readonly cache: Pick<SessionCache, 'end'>;
  readonly users: Pick<UserService, 'findByPassword'>;
  /** Rejects when there were too many attempts on the e-mail address. */
  readonly limitByEmail: (email: string) => Promise<void>;
  /** From sign-in to the end of a session. */
  readonly lifetimeMs: number;
  readonly events: ApiEvents;
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface SignIn {
  readonly email: string;
  readonly password: string;
  readonly address: string;
  readonly userAgent: string;
}

export interface SignedIn {
  readonly session: Session;
  readonly user: User;
  /** The secret; only its hash is kept. */
  readonly token: string;
}

export class SessionService {
  readonly #options: SessionServiceOptions;

  constructor(options: SessionServiceOptions) {
    this.#options = options;
  }

  /** @throws SignInFailedError whatever was wrong, and after the same work. */
  async signIn({ email, password, address, userAgent }: SignIn): Promise<SignedIn> {
    const { sessions, users, limitByEmail, lifetimeMs, events, now, newId } = this.#options;
    await limitByEmail(email);
    const found = await users.findByPassword(email, password);
    const token = newSecretToken('');
    if (found !== undefined) {
      const { user, passwordHash } = found;
      const { id: userId, accountId } = user;
      const createdAt = now();
      const expiresAt = new Date(createdAt.getTime() + lifetimeMs);
      const session: Session = { id: newId(), accountId, userId, address, userAgent, createdAt, expiresAt };
      if (await sessions.insert(session, { tokenHash: hashToken(token), passwordHash })) {
        events.signedIn({ accountId, userId });
        return { session, user, token };
      }
    }
    events.signInFailed();
    throw new SignInFailedError();
  }

  /** The caller's own sessions. */
  async listSessions(caller: Principal, page: PageRequest): Promise<Page<Session>> {
    forbidBucketTokens(caller);
    return this.#options.sessions.list(caller.userId, this.#options.now(), page);
  }

  /** @throws SessionNotFoundError also when the session is somebody else's. */
  async endSession(caller: Principal, sessionId: string): Promise<void> {
    forbidBucketTokens(caller);
    const { sessions, cache, events } = this.#options;
    const tokenHash = await sessions.delete(caller.userId, sessionId);
    if (tokenHash === undefined) throw new SessionNotFoundError();
    await cache.end([tokenHash]);
    events.signedOut({ accountId: caller.accountId, userId: caller.userId });
  }

  /** @throws SessionNotFoundError when the caller uses an access token. */
  async endCurrentSession(caller: Principal): Promise<void> {
    if (caller.credential !== 'session') throw new SessionNotFoundError();
    await this.endSession(caller, caller.credentialId);
  }
}

/** An access token for one bucket has no business with its user's browsers. */
function forbidBucketTokens(caller: Principal): void {
  if (caller.bucketId !== undefined) throw new UserForbiddenError();
}

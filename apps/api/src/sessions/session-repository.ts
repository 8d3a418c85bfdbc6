import type { Page, PageRequest } from '../http/page-cursor.ts';
import type { SessionCredential } from './credential.ts';
import type { Session } from './session.ts';

export interface SessionRepository {
  /** Stores the session, if the user still exists and has the password that was checked; whether it was stored. */
  insert(session: Session, secrets: SessionSecrets): Promise<boolean>;
  /** Who is signed in, in one statement. An expired session may still be found. */
  find(tokenHash: string): Promise<SessionCredential | undefined>;
  /** The user's sessions that end after `now`. */
  list(userId: string, now: Date, page: PageRequest): Promise<Page<Session>>;
  /** Deletes the session, if it is the user's; answers its token hash. */
  delete(userId: string, sessionId: string): Promise<string | undefined>;
}

export interface SessionSecrets {
  readonly tokenHash: string;
  /** The stored hash that the password was checked against. */
  readonly passwordHash: string;
}

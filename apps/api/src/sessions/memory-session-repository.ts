import { nextById, type MemoryTables } from '../accounts/tables-in-memory.ts';
import { toPage, type Page, type PageRequest } from '../http/page-cursor.ts';
import { toSessionCredential, type SessionCredential } from './credential.ts';
import type { SessionRepository, SessionSecrets } from './session-repository.ts';
import type { Session } from './session.ts';

export class MemorySessionRepository implements SessionRepository {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async insert(session: Session, { tokenHash, passwordHash }: SessionSecrets): Promise<boolean> {
    if (this.#tables.users.get(session.userId)?.passwordHash !== passwordHash) return false;
    this.#tables.sessions.set(session.id, { session, tokenHash });
    return true;
  }

  async find(tokenHash: string): Promise<SessionCredential | undefined> {
    const found = [...this.#tables.sessions.values()].find((row) => row.tokenHash === tokenHash);
    const user = found && this.#tables.users.get(found.session.userId)?.user;
    return user && toSessionCredential(found.session, user.role);
  }

  async list(userId: string, now: Date, page: PageRequest): Promise<Page<Session>> {
    const sessions = [...this.#tables.sessions.values()].map(({ session }) => session);
    const listed = sessions.filter((session) => session.userId === userId && session.expiresAt > now);
    return toPage(nextById(listed, page), page.limit);
  }

  async delete(userId: string, sessionId: string): Promise<string | undefined> {
    const found = this.#tables.sessions.get(sessionId);
    if (found?.session.userId !== userId) return undefined;
    this.#tables.sessions.delete(sessionId);
    return found.tokenHash;
  }
}

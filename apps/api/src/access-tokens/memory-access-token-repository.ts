import type { Versioned } from '@stowage/cache';
import { nextById, type MemoryTables } from '../accounts/tables-in-memory.ts';
import { toPage, type Page, type PageRequest } from '../http/page-cursor.ts';
import type { Credential } from '../sessions/credential.ts';
import { toAccessTokenCredential, type AccessTokenChange } from './access-token-credential.ts';
import type { AccessTokenFilter, AccessTokenRepository } from './access-token-repository.ts';
import type { AccessToken } from './access-token.ts';

export class MemoryAccessTokenRepository implements AccessTokenRepository {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async insert(token: AccessToken, tokenHash: string): Promise<boolean> {
    if (this.#tables.users.get(token.userId)?.user.accountId !== token.accountId) return false;
    if (this.#tables.accessTokens.has(token.id)) return true;
    this.#tables.accessTokens.set(token.id, { token, tokenHash, generation: this.#tables.nextGeneration() });
    return true;
  }

  async find(tokenHash: string): Promise<Versioned<Credential>> {
    const found = [...this.#tables.accessTokens.values()].find((row) => row.tokenHash === tokenHash);
    const user = found && this.#tables.users.get(found.token.userId)?.user;
    if (found === undefined || user === undefined) return { generation: 0, value: undefined };
    const { token, generation } = found;
    const stored = {
      ...token,
      role: user.role,
      bucketId: token.bucket?.id ?? null,
      expiresAt: token.expiresAt ?? null,
    };
    return { generation, value: toAccessTokenCredential(stored) };
  }

  async list(filter: AccessTokenFilter, page: PageRequest): Promise<Page<AccessToken>> {
    const tokens = [...this.#tables.accessTokens.values()].map(({ token }) => token);
    return toPage(
      nextById(
        tokens.filter((token) => passes(filter, token)),
        page,
      ),
      page.limit,
    );
  }

  async delete(filter: AccessTokenFilter, tokenId: string): Promise<AccessTokenChange | undefined> {
    const found = this.#tables.accessTokens.get(tokenId);
    if (found === undefined || !passes(filter, found.token)) return undefined;
    this.#tables.accessTokens.delete(tokenId);
    return {
      tokenHash: found.tokenHash,
      credential: { generation: this.#tables.nextGeneration(), value: undefined },
    };
  }
}

function passes({ accountId, userId }: AccessTokenFilter, token: AccessToken): boolean {
  return token.accountId === accountId && (userId === undefined || token.userId === userId);
}

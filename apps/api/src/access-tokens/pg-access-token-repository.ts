import type { Versioned } from '@stowage/cache';
import { sql, type Db } from '@stowage/db';
import { beforeEveryId, toPage, type Page, type PageRequest } from '../http/page-cursor.ts';
import type { Scope } from '../http/principal.ts';
import type { Credential } from '../sessions/credential.ts';
import { toAccessTokenCredential, type AccessTokenChange, type StoredAccessToken } from './access-token-credential.ts';
import type { AccessTokenFilter, AccessTokenRepository } from './access-token-repository.ts';
import type { AccessToken } from './access-token.ts';

interface AccessTokenRow {
  readonly id: string;
  readonly accountId: string;
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly bucketId: string | null;
  readonly bucketName: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

export class PgAccessTokenRepository implements AccessTokenRepository {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async insert(token: AccessToken, tokenHash: string): Promise<boolean> {
    // The lock makes a change of the user's role see the token, or the token see the new role.
    const inserted = await this.#db.execute(sql('insert_access_token')`
      insert into access_tokens (id, account_id, user_id, name, token_hash, scopes, bucket_id, created_at, expires_at)
      select ${token.id}::uuid, account_id, id, ${token.name}::text, ${Buffer.from(tokenHash, 'base64url')}::bytea,
        ${token.scopes}::text[], ${token.bucket?.id ?? null}::uuid, ${token.createdAt}::timestamptz,
        ${token.expiresAt ?? null}::timestamptz
      from users where id = ${token.userId} and account_id = ${token.accountId} for share
      on conflict on constraint access_tokens_pkey do update set id = excluded.id`);
    return inserted === 1;
  }

  async find(tokenHash: string): Promise<Versioned<Credential>> {
    const row = await this.#db.row<StoredAccessToken & { readonly generation: number }>(sql('find_access_token')`
      select access_tokens.id, access_tokens.account_id as "accountId", user_id as "userId", role, scopes,
        bucket_id as "bucketId", expires_at as "expiresAt", generation
      from access_tokens join users on users.id = user_id
      where token_hash = ${Buffer.from(tokenHash, 'base64url')}`);
    if (row === undefined) return { generation: 0, value: undefined };
    return { generation: row.generation, value: toAccessTokenCredential(row) };
  }

  async list({ accountId, userId }: AccessTokenFilter, { after, limit }: PageRequest): Promise<Page<AccessToken>> {
    const from = after ?? beforeEveryId;
    const found =
      userId === undefined
        ? await this.#db.rows<AccessTokenRow>(sql('list_access_tokens_of_account')`
            select t.id, t.account_id as "accountId", t.user_id as "userId", t.name, t.scopes, t.bucket_id as "bucketId",
              b.name as "bucketName", t.created_at as "createdAt", t.expires_at as "expiresAt"
            from access_tokens t left join buckets b on b.id = t.bucket_id
            where t.account_id = ${accountId} and t.id > ${from} order by t.id limit ${limit + 1}`)
        : await this.#db.rows<AccessTokenRow>(sql('list_access_tokens_of_user')`
            select t.id, t.account_id as "accountId", t.user_id as "userId", t.name, t.scopes, t.bucket_id as "bucketId",
              b.name as "bucketName", t.created_at as "createdAt", t.expires_at as "expiresAt"
            from access_tokens t left join buckets b on b.id = t.bucket_id
            where t.user_id = ${userId} and t.account_id = ${accountId} and t.id > ${from} order by t.id limit ${limit + 1}`);
    return toPage(found.map(toAccessToken), limit);
  }

  async delete({ accountId, userId }: AccessTokenFilter, tokenId: string): Promise<AccessTokenChange | undefined> {
    const row = await this.#db.row<{ readonly tokenHash: Buffer; readonly generation: number }>(sql(
      'delete_access_token',
    )`
      delete from access_tokens
      where id = ${tokenId} and account_id = ${accountId} and (${userId ?? null}::uuid is null or user_id = ${userId ?? null}::uuid)
      returning token_hash as "tokenHash", nextval('generations') as generation`);
    if (row === undefined) return undefined;
    const credential = { generation: row.generation, value: undefined };
    return { tokenHash: row.tokenHash.toString('base64url'), credential };
  }
}

function toAccessToken({ bucketId, bucketName, expiresAt, ...token }: AccessTokenRow): AccessToken {
  return {
    ...token,
    ...(bucketId !== null && bucketName !== null && { bucket: { id: bucketId, name: bucketName } }),
    ...(expiresAt !== null && { expiresAt }),
  };
}

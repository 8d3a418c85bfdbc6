import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgDb, sql } from '@stowage/db';
import { createTestDatabase, patience } from '@stowage/db/testing';
import { FileBlobStore, type BlobStore } from '@stowage/storage';
import { openS3Bucket } from '@stowage/storage/testing';
import { v7 as newId } from 'uuid';

export type Environment = Readonly<Record<string, string>>;

/** A database and a blob store of their own, and what names them to a process. */
export interface Stores extends AsyncDisposable {
  readonly db: PgDb;
  readonly databaseUrl: string;
  readonly blobs: BlobStore;
  readonly env: Environment;
}

/** Both kinds of blob store there are: for `describe.each`. */
export const blobStoreKinds = ['files', 's3'] as const;

export type BlobStoreKind = (typeof blobStoreKinds)[number];

const migrationsDirectory = join(__dirname, '../../../libs/db/migrations');

/** The URL of a service that the tests need. */
export function requiredService(variable: string): string {
  const value = process.env[variable];
  if (value === undefined)
    throw new Error(`${variable} is not set: run the tests through Nx, \`npx nx test-integration worker\``);
  return value;
}

export async function givenStores(kind: BlobStoreKind = 'files'): Promise<Stores> {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(
    await createTestDatabase({ migrationsDirectory, serverUrl: requiredService('TEST_DATABASE_URL') }),
  );
  const db = opened.use(
    PgDb.open({
      ...{ connection: { url: database.url }, applicationName: 'test', onPoolError: () => undefined },
      ...patience,
    }),
  );
  const { blobs, env } = await (kind === 'files' ? givenFiles(opened) : givenS3(opened));
  const resources = opened.move();
  return {
    ...{ db, databaseUrl: database.url, blobs, env: { DATABASE_URL: database.url, ...env } },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

interface GivenBlobs {
  readonly blobs: BlobStore;
  readonly env: Environment;
}

async function givenFiles(opened: AsyncDisposableStack): Promise<GivenBlobs> {
  const directory = await mkdtemp(join(tmpdir(), 'stowage-worker-'));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  return { blobs: await FileBlobStore.open({ directory }), env: { BLOB_DIRECTORY: directory } };
}

async function givenS3(opened: AsyncDisposableStack): Promise<GivenBlobs> {
  const { origin, username, password } = new URL(requiredService('TEST_S3_URL'));
  const bucket = await openS3Bucket();
  opened.defer(() => bucket.close());
  const env = {
    S3_BUCKET: bucket.name,
    S3_ENDPOINT: origin,
    S3_FORCE_PATH_STYLE: 'true',
    AWS_ACCESS_KEY_ID: decodeURIComponent(username),
    AWS_SECRET_ACCESS_KEY: decodeURIComponent(password),
  };
  return { blobs: bucket.store, env };
}

/** An account with one user, its owner. */
export async function givenAccount({ db }: Stores): Promise<{ readonly accountId: string; readonly userId: string }> {
  const [accountId, userId] = [newId(), newId()];
  await db.execute(sql('given_account')`insert into accounts (id, name) values (${accountId}, 'Test')`);
  await db.execute(sql('given_user')`
    insert into users (id, account_id, email, password_hash, role)
    values (${userId}, ${accountId}, ${`${userId}@example.com`}, 'none', 'owner')`);
  return { accountId, userId };
}

export interface BucketFields {
  /** @default a new account */
  readonly accountId?: string;
  /** @default 30 */
  readonly retentionDays?: number;
}

/** The id of a new bucket. */
export async function givenBucket(stores: Stores, fields: BucketFields = {}): Promise<string> {
  const { accountId = (await givenAccount(stores)).accountId, retentionDays = 30 } = fields;
  const id = newId();
  await stores.db.execute(sql('given_bucket')`
    insert into buckets (id, account_id, name, retention_days, public_read)
    values (${id}, ${accountId}, ${`bucket-${id}`}, ${retentionDays}, false)`);
  return id;
}

export interface BlobFields {
  /** @default 'live' */
  readonly state?: 'pending' | 'live' | 'garbage';
  /** For blobs that are not live. @default now */
  readonly deleteAfter?: Date;
  /** Bytes in the store; undefined for a row without bytes. @default 32 random bytes */
  readonly content?: Buffer | undefined;
}

export interface GivenBlob {
  /** Its key in the store. */
  readonly id: string;
  readonly content: Buffer;
}

/** A blob: its bytes in the store, then its row. */
export async function givenBlob({ db, blobs }: Stores, fields: BlobFields = {}): Promise<GivenBlob> {
  const id = newId();
  const { state = 'live', deleteAfter = new Date() } = fields;
  const content = fields.content ?? randomBytes(32);
  if (!('content' in fields) || fields.content !== undefined) await blobs.put(id, chunksOf(content));
  const known = state === 'pending' ? { size: null, digest: null } : { size: content.length, digest: sha256(content) };
  await db.execute(sql('given_blob')`
    insert into blobs (id, state, size_bytes, sha256, delete_after)
    values (${id}, ${state}, ${known.size}, ${known.digest}, ${state === 'live' ? null : deleteAfter})`);
  return { id, content };
}

export interface VersionFields {
  readonly bucketId: string;
  /** @default a key of its own */
  readonly key?: string;
  /** @default a new live blob */
  readonly blobId?: string;
}

export interface GivenVersion {
  readonly id: string;
  readonly objectId: string;
  readonly blobId: string;
  readonly key: string;
}

interface StoredRow {
  readonly outcome: string;
}

/** A version that is current, as the API stores it; the one before it of the same key has ended. */
export async function givenVersion(stores: Stores, fields: VersionFields): Promise<GivenVersion> {
  const { db } = stores;
  const { bucketId, key = `key-${randomUUID()}`, blobId = (await givenBlob(stores)).id } = fields;
  const id = newId();
  const row = await db.row<StoredRow>(sql('given_version')`
    select outcome from put_version(${bucketId}, ${key}, ${newId()}, ${id}, ${blobId}, 0, ''::bytea,
      'application/octet-stream', null, null, '{}', null, false, false, null)`);
  if (row?.outcome !== 'stored') throw new Error(`put_version answered ${String(row?.outcome)}`);
  const object = await db.row<{ id: string }>(
    sql('given_version_object')`select object_id as id from versions where id = ${id}`,
  );
  return { id, objectId: object?.id ?? '', blobId, key };
}

/** Moves the current version of a key to the trash, as a deletion by the API does. */
export async function givenDeletion(
  { db }: Stores,
  { bucketId, key }: { bucketId: string; key: string },
): Promise<void> {
  const row = await db.row<StoredRow>(
    sql('given_deletion')`select outcome from delete_object(${bucketId}, ${key}, false, null)`,
  );
  if (row?.outcome !== 'deleted') throw new Error(`delete_object answered ${String(row?.outcome)}`);
}

/** The keys in the blob store, sorted. */
export async function storedKeys({ blobs }: Stores): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of blobs.list()) keys.push(key);
  return keys;
}

export function sha256(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}

async function* chunksOf(content: Buffer): AsyncGenerator<Uint8Array> {
  yield content;
}

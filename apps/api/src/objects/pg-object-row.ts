import type { StoredObject } from './stored-object.ts';

/** A version of an object as the database answers it. */
export interface ObjectRow {
  readonly key: string;
  readonly version_id: string;
  readonly blob_id: string;
  readonly size_bytes: number;
  /** In hexadecimal: the server writes it so anyway, and bytes would be made of it only to be written so again. */
  readonly sha256: string;
  readonly content_type: string;
  readonly content_disposition: string | null;
  readonly cache_control: string | null;
  readonly metadata: Record<string, string>;
  readonly version_created_at: Date;
}

export function toStoredObject(row: ObjectRow, bucketId: string): StoredObject {
  return {
    bucketId,
    key: row.key,
    versionId: row.version_id,
    blobId: row.blob_id,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    contentType: row.content_type,
    contentDisposition: row.content_disposition ?? undefined,
    cacheControl: row.cache_control ?? undefined,
    metadata: row.metadata,
    modifiedAt: row.version_created_at,
  };
}

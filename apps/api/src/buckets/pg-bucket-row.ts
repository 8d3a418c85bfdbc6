import type { Bucket, GrantRole } from './bucket.ts';

/** A bucket as the database answers it. */
export interface BucketRow {
  readonly id: string;
  readonly account_id: string;
  readonly name: string;
  readonly max_object_bytes: number | null;
  readonly content_types: string[] | null;
  readonly retention_days: number;
  readonly public_read: boolean;
  readonly created_at: Date;
  readonly generation: number;
  readonly grants: Record<string, GrantRole> | null;
}

export function toBucket(row: BucketRow): Bucket {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    maxObjectBytes: row.max_object_bytes ?? undefined,
    contentTypes: row.content_types ?? undefined,
    retentionDays: row.retention_days,
    publicRead: row.public_read,
    createdAt: row.created_at,
    grants: row.grants ?? {},
    generation: row.generation,
  };
}

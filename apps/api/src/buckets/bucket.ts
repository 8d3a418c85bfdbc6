/** What a grant lets a member do: a writer reads too, a manager also changes the bucket and its grants. */
export type GrantRole = 'reader' | 'writer' | 'manager';

/** What a bucket takes and how long it keeps what is deleted. */
export interface BucketLimits {
  /** Largest object, in bytes. @default undefined - only the installation's own limit */
  readonly maxObjectBytes?: number | undefined;
  /** Media types it takes: `image/png`, `image/*`. @default undefined - every type */
  readonly contentTypes?: readonly string[] | undefined;
  /** Days that deleted and replaced versions are kept. */
  readonly retentionDays: number;
  /** Anybody who knows the address may read the objects. */
  readonly publicRead: boolean;
}

export interface Bucket extends BucketLimits {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly createdAt: Date;
  /** Roles of members, by user id. */
  readonly grants: Readonly<Record<string, GrantRole>>;
  /** Grows with every change of the bucket or its grants. */
  readonly generation: number;
}

export const defaultRetentionDays = 30;
export const mostGrants = 500;

const bucketName = /^[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$/;

/** 3–63 lower-case letters, digits and hyphens, a letter or digit at both ends: fit for a path and for a DNS label. */
export function isBucketName(name: string): boolean {
  return bucketName.test(name);
}

/** Whether the bucket takes objects of this media type; parameters such as `charset` do not count. */
export function takesContentType(bucket: BucketLimits, contentType: string): boolean {
  if (bucket.contentTypes === undefined) return true;
  const essence = mediaTypeEssence(contentType);
  return bucket.contentTypes.some((allowed) =>
    allowed.endsWith('/*') ? essence.startsWith(allowed.slice(0, -1)) : allowed === essence,
  );
}

/** `type/subtype` of a media type, in lower case and without parameters. */
export function mediaTypeEssence(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** What a client says of an object besides its bytes. */
export interface ObjectAttributes {
  readonly contentType: string;
  readonly contentDisposition?: string | undefined;
  readonly cacheControl?: string | undefined;
  /** The client's own names and values. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** One version of an object. What is current of it is the object. */
export interface StoredObject extends ObjectAttributes {
  readonly bucketId: string;
  readonly key: string;
  readonly versionId: string;
  readonly blobId: string;
  readonly sizeBytes: number;
  /** SHA-256 of the bytes, in lower-case hex. */
  readonly sha256: string;
  readonly modifiedAt: Date;
}

/** The state of an object that a writer demands. */
export interface WriteCondition {
  /** The object must not exist. */
  readonly ifAbsent?: boolean;
  /** The object must exist. */
  readonly ifExists?: boolean;
  /** Its current version must be one of these. */
  readonly ifMatch?: readonly string[];
}

/** An object in a listing, or a prefix that stands for all keys below it. */
export type ListedEntry =
  { readonly kind: 'object'; readonly object: StoredObject } | { readonly kind: 'prefix'; readonly prefix: string };

/** Whether the state of an object is the one a writer demands. */
export function meets({ ifAbsent, ifExists, ifMatch }: WriteCondition, object: StoredObject | undefined): boolean {
  if (object === undefined) return ifExists !== true && ifMatch === undefined;
  return ifAbsent !== true && (ifMatch === undefined || ifMatch.includes(object.versionId));
}

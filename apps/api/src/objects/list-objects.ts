import type { BucketService } from '../buckets/bucket-service.ts';
import type { Principal } from '../http/principal.ts';
import { behindKey, behindPrefix, compareKeys } from './object-key.ts';
import type { ObjectRepository } from './object-repository.ts';
import type { ListedEntry, StoredObject } from './stored-object.ts';

/** Where a page starts. */
export type ListCursor = { readonly from: string } | { readonly modifiedAt: number; readonly key: string };

export interface Listing {
  readonly bucketName: string;
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly order: 'name' | 'newest' | 'oldest';
  readonly cursor: ListCursor | undefined;
  readonly limit: number;
}

export interface ListedPage {
  readonly entries: readonly ListedEntry[];
  readonly next: ListCursor | undefined;
}

/** Pages through a bucket. A page costs what it answers, wherever it is and however much lies below a prefix. */
export class ListObjects {
  readonly #buckets: Pick<BucketService, 'getBucket'>;
  readonly #objects: ObjectRepository;

  constructor(buckets: Pick<BucketService, 'getBucket'>, objects: ObjectRepository) {
    this.#buckets = buckets;
    this.#objects = objects;
  }

  /** @throws BucketNotFoundError */
  async list(principal: Principal, listing: Listing): Promise<ListedPage> {
    const bucket = await this.#buckets.getBucket(principal, listing.bucketName, 'reader');
    // One more than asked for tells whether there is a next page.
    const found = await this.#find(bucket.id, { ...listing, limit: listing.limit + 1 });
    const entries = found.slice(0, listing.limit);
    const last = found.length > entries.length ? entries.at(-1) : undefined;
    return { entries, next: last && toCursor(last, listing.order) };
  }

  async #find(bucketId: string, { prefix, delimiter, order, cursor, limit }: Listing): Promise<readonly ListedEntry[]> {
    if (order !== 'name') {
      const after =
        cursor !== undefined && 'key' in cursor
          ? { modifiedAt: new Date(cursor.modifiedAt), key: cursor.key }
          : undefined;
      return toEntries(await this.#objects.listByTime({ bucketId, newestFirst: order === 'newest', after, limit }));
    }
    const continued = cursor !== undefined && 'from' in cursor ? cursor.from : prefix;
    // The cursor of a listing with another prefix must not show what is before this one.
    const from = compareKeys(continued, prefix) < 0 ? prefix : continued;
    const page = { bucketId, from, until: behindPrefix(prefix), limit };
    if (delimiter === undefined) return toEntries(await this.#objects.listByName(page));
    return this.#objects.listByPrefix({ ...page, prefix, delimiter });
  }
}

function toEntries(objects: readonly StoredObject[]): readonly ListedEntry[] {
  return objects.map((object) => ({ kind: 'object', object }));
}

function toCursor(last: ListedEntry, order: Listing['order']): ListCursor {
  if (last.kind === 'prefix') return { from: behindPrefix(last.prefix) };
  if (order === 'name') return { from: behindKey(last.object.key) };
  return { modifiedAt: last.object.modifiedAt.getTime(), key: last.object.key };
}

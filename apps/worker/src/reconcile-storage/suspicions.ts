import type { BlobInfo, BlobStore } from '@stowage/storage';
import { isBlobId } from '../blob-id.ts';
import type { Verdict } from '../verify-blobs/verdict.ts';
import type { MatchedKey } from './match-listings.ts';
import type { Orphan, ReconcileStorageRepository, Repairs } from './reconcile-storage-repository.ts';

/** What two listings say of a key. `suspect` needs a closer look: the listings were not made at the same time. */
export type KeyOutcome = 'matched' | 'foreign' | 'young' | 'quarantined' | 'suspect';

export interface SuspicionOptions {
  readonly repository: Pick<ReconcileStorageRepository, 'findKnown'>;
  readonly store: Pick<BlobStore, 'head'>;
  /** Bytes stored later than this may belong to a transaction that has not ended. */
  readonly youngSince: Date;
}

const headsAtOnce = 16;

export function outcomeOf({ key, stored, recorded }: MatchedKey, youngSince: Date): KeyOutcome {
  if (recorded === undefined) {
    if (!isBlobId(key)) return 'foreign';
    return stored !== undefined && stored.modifiedAt >= youngSince ? 'young' : 'suspect';
  }
  // Bytes that arrive or are deleted may be there or not, in part or whole.
  if (recorded.state !== 'live') return 'matched';
  if (recorded.isQuarantined) return 'quarantined';
  return stored?.sizeBytes === recorded.sizeBytes ? 'matched' : 'suspect';
}

/**
 * Looks at suspects one by one. A row comes before its bytes and goes after them, so bytes that are seen after no row was have
 * none; a live row has all its bytes before it is live and until it is garbage, so bytes not seen between two looks at
 * a live row are lost. The second of those looks is that of `settle`.
 */
export async function confirmSuspicions(suspects: readonly MatchedKey[], options: SuspicionOptions): Promise<Repairs> {
  const ofRows = suspects.filter(({ recorded }) => recorded !== undefined);
  const ofBytes = suspects.filter(({ recorded }) => recorded === undefined).map(({ key }) => key);
  const known = await options.repository.findKnown(ofBytes);
  const unknown = ofBytes.filter((key) => !known.has(key));
  const orphans = await mapAtOnce(unknown, async (id) =>
    toOrphan(id, await options.store.head(id), options.youngSince),
  );
  const losses = await mapAtOnce(ofRows, async (suspect) => toLoss(suspect, await options.store.head(suspect.key)));
  return { orphans: orphans.flat(), losses: losses.flat() };
}

function toOrphan(id: string, stored: BlobInfo | undefined, youngSince: Date): readonly Orphan[] {
  return stored === undefined || stored.modifiedAt >= youngSince ? [] : [{ id, sizeBytes: stored.sizeBytes }];
}

function toLoss({ key: id, recorded }: MatchedKey, stored: BlobInfo | undefined): readonly Verdict[] {
  if (stored === undefined) return [{ id, fault: 'missing' }];
  return stored.sizeBytes === recorded?.sizeBytes ? [] : [{ id, fault: 'wrong-size' }];
}

async function mapAtOnce<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += headsAtOnce)
    results.push(...(await Promise.all(items.slice(start, start + headsAtOnce).map(map))));
  return results;
}

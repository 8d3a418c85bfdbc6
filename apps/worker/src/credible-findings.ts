/** Most of what was compared does not belong together, as when a store is compared with the rows of another installation. */
export class TooManyFindingsError extends Error {
  override readonly name = 'TooManyFindingsError';
}

export interface FindingShare {
  /** What was found: `damaged`, `orphaned`. */
  readonly kind: string;
  readonly count: number;
  /** Of how many. */
  readonly compared: number;
}

/** As many findings are believed, whatever part they are. */
const alwaysBelieved = 20;

/**
 * Called before findings are committed: a volume that is not mounted looks like a store that lost everything. `most` is the largest part that is believed, from 0 to 1.
 * @throws TooManyFindingsError
 */
export function assertCredible({ kind, count, compared }: FindingShare, most: number): void {
  if (count <= alwaysBelieved || count <= compared * most) return;
  throw new TooManyFindingsError(
    `${count} of ${compared} blobs are ${kind}: these may not be the store and the database of one installation. ` +
      'If they are, raise MOST_FINDINGS_PERCENT.',
  );
}

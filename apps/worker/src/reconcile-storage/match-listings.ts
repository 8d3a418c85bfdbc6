import type { ListedBlob } from '@stowage/storage';
import type { RecordedBlob } from './reconcile-storage-repository.ts';

/** A key that the store, the rows or both have. */
export interface MatchedKey {
  readonly key: string;
  readonly stored: ListedBlob | undefined;
  readonly recorded: RecordedBlob | undefined;
}

/** A listing that is not in the order of its keys: what it lacks may come later, so nothing can be said to be missing. */
export class ListingOrderError extends Error {
  override readonly name = 'ListingOrderError';
}

/**
 * Goes through two listings side by side, each in the order of its keys, and holds one entry of each. Rejects with
 * `ListingOrderError` when one is not in order.
 */
export async function* matchListings(
  stored: AsyncIterable<ListedBlob>,
  recorded: AsyncIterable<RecordedBlob>,
): AsyncGenerator<MatchedKey> {
  await using bytes = new OrderedListing(stored, ({ key }) => key);
  await using rows = new OrderedListing(recorded, ({ id }) => id);
  await Promise.all([bytes.advance(), rows.advance()]);
  for (;;) {
    const key = lower(bytes.key, rows.key);
    if (key === undefined) return;
    const hasBytes = bytes.key === key;
    const hasRow = rows.key === key;
    yield { key, stored: hasBytes ? bytes.entry : undefined, recorded: hasRow ? rows.entry : undefined };
    if (hasBytes) await bytes.advance();
    if (hasRow) await rows.advance();
  }
}

/** A listing and the entry it stands at. */
class OrderedListing<T> implements AsyncDisposable {
  entry: T | undefined;
  key: string | undefined;
  readonly #iterator: AsyncIterator<T>;
  readonly #keyOf: (entry: T) => string;

  constructor(listing: AsyncIterable<T>, keyOf: (entry: T) => string) {
    this.#iterator = listing[Symbol.asyncIterator]();
    this.#keyOf = keyOf;
  }

  async advance(): Promise<void> {
    const result = await this.#iterator.next();
    const entry = result.done === true ? undefined : result.value;
    const key = entry === undefined ? undefined : this.#keyOf(entry);
    if (key !== undefined && this.key !== undefined && key <= this.key)
      throw new ListingOrderError('a listing is not in the byte order of its keys');
    this.entry = entry;
    this.key = key;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#iterator.return?.();
  }
}

function lower(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

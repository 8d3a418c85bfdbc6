import { describe, expect, it } from '@jest/globals';
import type { ListedBlob } from '@stowage/storage';
import { ListingOrderError, matchListings } from './match-listings.ts';
import type { RecordedBlob } from './reconcile-storage-repository.ts';

async function* bytesOf(...keys: readonly string[]): AsyncGenerator<ListedBlob> {
  for (const key of keys) yield { key, sizeBytes: 1, modifiedAt: new Date(0) };
}

async function* rowsOf(...ids: readonly string[]): AsyncGenerator<RecordedBlob> {
  for (const id of ids) yield { id, state: 'live', sizeBytes: 1, isQuarantined: false };
}

async function match(bytes: AsyncIterable<ListedBlob>, rows: AsyncIterable<RecordedBlob>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { key, stored, recorded } of matchListings(bytes, rows))
    found.push(`${key} ${stored === undefined ? '' : 'bytes'}${recorded === undefined ? '' : 'row'}`);
  return found;
}

describe('matchListings', () => {
  it('pairs what both have and tells what one of them lacks', async () => {
    expect(await match(bytesOf('a', 'b', 'd', 'f'), rowsOf('b', 'c', 'd', 'g'))).toEqual([
      ...['a bytes', 'b bytesrow', 'c row', 'd bytesrow', 'f bytes', 'g row'],
    ]);
  });

  it('ends when one or both have nothing', async () => {
    expect(await match(bytesOf(), rowsOf('a', 'b'))).toEqual(['a row', 'b row']);
    expect(await match(bytesOf('a', 'b'), rowsOf())).toEqual(['a bytes', 'b bytes']);
    expect(await match(bytesOf(), rowsOf())).toEqual([]);
  });

  it.each([
    ['bytes out of order', bytesOf('b', 'a'), rowsOf('a')],
    ['bytes listed twice', bytesOf('a', 'a'), rowsOf('a')],
    ['rows out of order', bytesOf('a'), rowsOf('b', 'a')],
  ])('refuses %s, as what it lacks may come later', async (_, bytes, rows) => {
    await expect(match(bytes, rows)).rejects.toBeInstanceOf(ListingOrderError);
  });

  it('closes both listings when it is left early', async () => {
    const closed: string[] = [];
    async function* closing<T>(name: string, listing: AsyncIterable<T>): AsyncGenerator<T> {
      try {
        yield* listing;
      } finally {
        closed.push(name);
      }
    }
    const matched = matchListings(closing('bytes', bytesOf('a', 'b')), closing('rows', rowsOf('a', 'b')));
    for await (const { key } of matched) {
      expect(key).toBe('a');
      break;
    }
    expect(closed.sort()).toEqual(['bytes', 'rows']);
  });
});

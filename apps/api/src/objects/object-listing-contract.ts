import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { givenBucket, newVersion, putNew, type StorageRepositories } from '../../test/storage-repositories.ts';
import type { Bucket } from '../buckets/bucket.ts';
import { behindKey, behindPrefix, compareKeys, keyPrefixFault, objectKeyFault } from './object-key.ts';
import type { ListedEntry, StoredObject } from './stored-object.ts';

/** Neighbours in one of the orders that differ: bytes of UTF-8, UTF-16 units, languages. */
const characters = [
  'a',
  'B',
  'b',
  'ä',
  '0',
  ' ',
  '~',
  '/',
  '/',
  '-',
  '%',
  '_',
  '\u{D7FF}',
  '\u{E000}',
  '\u{FFFD}',
  '🎉',
  '\u{10000}',
  '\u{10FFFD}',
  'ß',
  'ﬀ',
];
const keys = fc
  .string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 6 })
  .filter((key) => objectKeyFault(key) === undefined);
const prefixes = fc
  .string({ unit: fc.constantFrom(...characters), maxLength: 3 })
  .filter((prefix) => keyPrefixFault(prefix) === undefined);

type GivenBucket = Bucket & { readonly userId: string };

/** What an entry is called in the order of names. */
function nameOf(entry: ListedEntry): string {
  return entry.kind === 'object' ? entry.object.key : entry.prefix;
}

/** The part of the contract that is about order and pages; each listing is compared with a model. */
export function describeListings(open: () => StorageRepositories): void {
  const stored = async (names: Iterable<string>): Promise<GivenBucket> => {
    const bucket = await givenBucket(open());
    await Promise.all([...names].map((key) => putNew(open(), newVersion(bucket, key))));
    return bucket;
  };

  const pagesByName = async (bucket: Bucket, prefix: string, limit: number): Promise<string[]> => {
    const found: string[] = [];
    let from = prefix;
    for (;;) {
      const page = await open().objects.listByName({ bucketId: bucket.id, from, until: behindPrefix(prefix), limit });
      found.push(...page.map(({ key }) => key));
      const last = page.at(-1);
      if (last === undefined || page.length < limit) return found;
      from = behindKey(last.key);
    }
  };

  const pagesByPrefix = async (
    bucket: Bucket,
    listing: { prefix: string; delimiter: string },
    limit: number,
  ): Promise<string[]> => {
    const found: string[] = [];
    let from = listing.prefix;
    for (;;) {
      const until = behindPrefix(listing.prefix);
      const page = await open().objects.listByPrefix({ bucketId: bucket.id, from, until, limit, ...listing });
      found.push(...page.map(nameOf));
      const last = page.at(-1);
      if (last === undefined || page.length < limit) return found;
      from = last.kind === 'prefix' ? behindPrefix(last.prefix) : behindKey(last.object.key);
    }
  };

  const pagesByTime = async (bucket: Bucket, newestFirst: boolean, limit: number): Promise<StoredObject[]> => {
    const found: StoredObject[] = [];
    for (;;) {
      const page = await open().objects.listByTime({ bucketId: bucket.id, newestFirst, after: found.at(-1), limit });
      found.push(...page);
      if (page.length < limit) return found;
    }
  };

  describe('listing', () => {
    it('orders by the bytes of UTF-8, not by UTF-16 and not by a language', async () => {
      const inOrder = [
        'A',
        'Z',
        'a',
        'a/b',
        'a0',
        'b',
        'z',
        'Ä',
        'ä',
        '\u{D7FF}',
        '\u{E000}',
        '\u{FFFD}',
        '\u{10000}',
        '🎉',
      ];
      const bucket = await stored([...inOrder].reverse());
      expect(await pagesByName(bucket, '', 100)).toEqual(inOrder);
    });

    it('ends a prefix right behind its last key, whatever character it ends in', async () => {
      const bucket = await stored(['\u{D7FF}', '\u{D7FF}a', '\u{E000}', '~', '~~', 'x', '\u{10FFFD}b', '🎉', '🎊']);
      expect(await pagesByName(bucket, '\u{D7FF}', 100)).toEqual(['\u{D7FF}', '\u{D7FF}a']);
      expect(await pagesByName(bucket, '~', 100)).toEqual(['~', '~~']);
      expect(await pagesByName(bucket, '\u{10FFFD}', 100)).toEqual(['\u{10FFFD}b']);
      expect(await pagesByName(bucket, '🎉', 100)).toEqual(['🎉']);
    });

    it('answers what is below a delimiter once, and goes on behind it', async () => {
      const bucket = await stored(['a', 'a/', 'a/1', 'a/2/3', 'a0', 'b/1', 'b/2', 'ä/1', '🎉/🎉/🎉']);
      const list = (prefix: string, limit: number): Promise<string[]> =>
        pagesByPrefix(bucket, { prefix, delimiter: '/' }, limit);
      for (const limit of [1, 2, 100]) {
        expect(await list('', limit)).toEqual(['a', 'a/', 'a0', 'b/', 'ä/', '🎉/']);
        expect(await list('a/', limit)).toEqual(['a/', 'a/1', 'a/2/']);
        expect(await list('🎉/', limit)).toEqual(['🎉/🎉/']);
        expect(await list('none', limit)).toEqual([]);
      }
    });

    it('shows neither what is deleted nor what is in another bucket, and answers objects whole', async () => {
      const { objects } = open();
      const bucket = await stored(['here', 'gone', 'sub/gone']);
      await stored(['elsewhere']);
      await objects.delete(bucket.id, 'gone', {});
      await objects.delete(bucket.id, 'sub/gone', {});
      const { state } = await objects.findWithBucket(bucket.accountId, bucket.name, 'here');
      const page = { bucketId: bucket.id, from: '', until: behindPrefix(''), limit: 10 };
      expect(await objects.listByName(page)).toEqual([state.object]);
      expect(await objects.listByPrefix({ ...page, prefix: '', delimiter: '/' })).toEqual([
        { kind: 'object', object: state.object },
      ]);
      expect(await objects.listByTime({ bucketId: bucket.id, newestFirst: true, limit: 10 })).toEqual([state.object]);
    });

    it('goes through all objects in the order of change, each once, whatever the page size', async () => {
      const bucket = await stored(['a', 'b', 'ä', '🎉', '\u{E000}']);
      for (const key of ['c', 'b', 'd']) await putNew(open(), newVersion(bucket, key));
      const all = await pagesByName(bucket, '', 100);
      for (const limit of [1, 3, 100]) {
        const newest = await pagesByTime(bucket, true, limit);
        const oldest = await pagesByTime(bucket, false, limit);
        expect(newest.map(({ key }) => key).sort(compareKeys)).toEqual(all);
        expect(oldest).toEqual([...newest].reverse());
        const byTime = (a: StoredObject, b: StoredObject): number =>
          a.modifiedAt.getTime() - b.modifiedAt.getTime() || compareKeys(a.key, b.key);
        expect(oldest).toEqual([...oldest].sort(byTime));
      }
    });

    it('takes any time a cursor can name', async () => {
      const bucket = await stored(['a']);
      const list = (newestFirst: boolean, time: number): Promise<readonly StoredObject[]> =>
        open().objects.listByTime({
          bucketId: bucket.id,
          newestFirst,
          after: { modifiedAt: new Date(time), key: 'a' },
          limit: 10,
        });
      expect(await list(true, 8.64e15)).toHaveLength(1);
      expect(await list(false, 8.64e15)).toHaveLength(0);
      expect(await list(true, 0)).toHaveLength(0);
      expect(await list(false, 0)).toHaveLength(1);
    });

    it('agrees with a model for any keys, prefix, delimiter and page size', async () => {
      const listing = fc.record({
        prefix: prefixes,
        delimiter: fc.constantFrom('/', '-', ' ', 'a', '0'),
        limit: fc.integer({ min: 1, max: 5 }),
      });
      const bucketful = fc.record({
        names: fc.uniqueArray(keys, { maxLength: 30 }),
        listings: fc.array(listing, { minLength: 1, maxLength: 6 }),
      });
      await fc.assert(
        fc.asyncProperty(bucketful, async ({ names, listings }) => {
          const bucket = await stored(names);
          for (const { prefix, delimiter, limit } of listings) {
            const below = names.filter((key) => key.startsWith(prefix)).sort(compareKeys);
            expect(await pagesByName(bucket, prefix, limit)).toEqual(below);
            const grouped = below.map((key) => key.slice(0, key.indexOf(delimiter, prefix.length) + 1) || key);
            expect(await pagesByPrefix(bucket, { prefix, delimiter }, limit)).toEqual([...new Set(grouped)]);
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}

import { beforeEach, describe, expect, it } from '@jest/globals';
import { givenPrincipal } from '../../test/given-principal.ts';
import { givenBucketOf, givenStorageServices, incoming, type StorageServices } from '../../test/storage-services.ts';
import { BucketNotFoundError } from '../buckets/bucket-errors.ts';
import type { Principal } from '../http/principal.ts';
import type { Listing } from './list-objects.ts';

const keys = ['a', 'a/1', 'a/2', 'b', 'c/1', 'd', 'e', '🎉'];

describe('ListObjects', () => {
  let services: StorageServices;
  let owner: Principal;
  beforeEach(async () => {
    services = givenStorageServices();
    owner = givenPrincipal(await services.stores.givenAccount());
    await givenBucketOf(services, owner);
    for (const key of keys) await services.putObject.put(owner, incoming(key));
  });

  const listing = (fields: Partial<Listing>): Listing => ({
    ...{ bucketName: 'photos', prefix: '', delimiter: undefined, order: 'name', cursor: undefined, limit: 2 },
    ...fields,
  });
  const walk = async (fields: Partial<Listing>): Promise<string[][]> => {
    const pages: string[][] = [];
    let cursor: Listing['cursor'];
    do {
      const page = await services.listObjects.list(owner, listing({ ...fields, cursor }));
      pages.push(page.entries.map((entry) => (entry.kind === 'object' ? entry.object.key : entry.prefix)));
      cursor = page.next;
    } while (cursor !== undefined);
    return pages;
  };

  it('pages by name, and the last full page has no next one', async () => {
    expect(await walk({})).toEqual([
      ['a', 'a/1'],
      ['a/2', 'b'],
      ['c/1', 'd'],
      ['e', '🎉'],
    ]);
    expect(await walk({ limit: 8 })).toHaveLength(1);
    expect(await walk({ prefix: 'a/', limit: 1 })).toEqual([['a/1'], ['a/2']]);
    expect(await walk({ prefix: 'none' })).toEqual([[]]);
  });

  it('goes on behind a prefix that was answered', async () => {
    expect(await walk({ delimiter: '/' })).toEqual([['a', 'a/'], ['b', 'c/'], ['d', 'e'], ['🎉']]);
    expect(await walk({ delimiter: '/', limit: 1 })).toHaveLength(7);
  });

  it.each(['newest', 'oldest'] as const)('answers each object once, %s first', async (order) => {
    const pages = await walk({ order, limit: 3 });
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 2]);
    expect(pages.flat().sort()).toEqual([...keys].sort());
  });

  it.each([undefined, '/'])(
    'shows nothing before its prefix for the cursor of another listing (delimiter %j)',
    async (delimiter) => {
      const { entries } = await services.listObjects.list(
        owner,
        listing({ prefix: 'c', delimiter, cursor: { from: 'a' }, limit: 9 }),
      );
      expect(entries).toHaveLength(1);
    },
  );

  it('begins anew for a cursor of another order', async () => {
    const byName = await services.listObjects.list(owner, listing({ cursor: { modifiedAt: 0, key: 'a' } }));
    expect(byName.entries).toHaveLength(2);
  });

  it('hides a bucket the caller has no grant in', async () => {
    const member: Principal = { ...owner, role: 'member', userId: 'nobody' };
    await expect(services.listObjects.list(member, listing({}))).rejects.toBeInstanceOf(BucketNotFoundError);
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';

import type { BlobStore } from '../blob-store.ts';
import type { ContractContext } from './blob-store-contract.ts';
import { bodyOf, collectAll, testBytes } from './test-bodies.ts';

/** Above the 1000 that S3 lists or deletes at a time. */
const COUNT = 1_050;

export function describeListing(context: ContractContext): void {
  describe('list', () => {
    const prefix = 'listing/';
    // In byte order "-" < "/" < digits < capitals < "_" < small letters.
    const special = ['-a', '0', 'A', 'A-b', 'A/b', 'AB', 'Z', '_', 'a', 'a-', 'a/0', 'a0', 'aa', 'z'].map(
      (s) => prefix + s,
    );
    const expected = [...special, ...numberedKeys(prefix)].sort();

    beforeAll(async () => {
      await putAll(context.store, expected.toReversed());
      await putAll(context.store, ['listing-other', 'listin', 'listinh/1']);
    });

    it('returns all keys of a prefix in byte order, with sizes', async () => {
      const listed = await collectAll(context.store.list({ prefix }));

      expect(listed.map(({ key }) => key)).toEqual(expected);
      expect(listed.every(({ sizeBytes, modifiedAt }) => sizeBytes === 3 && modifiedAt.getTime() > 0)).toBe(true);
    });

    it('starts after a key, which need not exist', async () => {
      const after = (startAfter: string) => collectAll(context.store.list({ prefix, startAfter }));

      expect((await after(`${prefix}Z`)).map(({ key }) => key)).toEqual(expected.filter((key) => key > `${prefix}Z`));
      expect((await after(`${prefix}AA`)).map(({ key }) => key)).toEqual(expected.filter((key) => key > `${prefix}AA`));
      expect(await after(`${prefix}zz`)).toEqual([]);
    });

    it('lists everything without a prefix', async () => {
      const keys = (await collectAll(context.store.list())).map(({ key }) => key);

      expect(keys).toEqual([...keys].sort());
      expect(keys).toEqual(expect.arrayContaining([...expected, 'listing-other', 'listin', 'listinh/1']));
    });

    it('may be left early', async () => {
      for await (const { key } of context.store.list({ prefix })) {
        expect(key).toBe(expected[0]);
        break;
      }
    });
  });
}

export function describeDeletion(context: ContractContext): void {
  describe('deleteMany', () => {
    it('deletes 2,500 keys, most of which are missing, and no others', async () => {
      const prefix = 'deletion/';
      const existing = numberedKeys(prefix);
      const missing = Array.from({ length: 2_500 - COUNT }, (_, index) => `${prefix}missing/${index}`);
      await putAll(context.store, [...existing, `${prefix}kept`]);

      await context.store.deleteMany([...existing, ...missing]);

      expect((await collectAll(context.store.list({ prefix }))).map(({ key }) => key)).toEqual([`${prefix}kept`]);
    });

    it('does nothing for no keys', async () => {
      await expect(context.store.deleteMany([])).resolves.toBeUndefined();
    });

    it('deletes nothing when one of the keys is none', async () => {
      const key = context.newKey();
      await context.store.put(key, bodyOf(testBytes(3)));

      await expect(context.store.deleteMany([key, '../escape'])).rejects.toThrow();

      expect(await context.store.head(key)).toBeDefined();
    });
  });
}

function numberedKeys(prefix: string): string[] {
  return Array.from({ length: COUNT }, (_, index) => `${prefix}number/${index}`);
}

async function putAll(store: BlobStore, keys: readonly string[]): Promise<void> {
  const waiting = [...keys];
  const worker = async (): Promise<void> => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop())
      await store.put(key, bodyOf(testBytes(3)), { sizeBytes: 3 });
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

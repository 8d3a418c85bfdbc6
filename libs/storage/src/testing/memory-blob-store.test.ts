import { describe, expect, it } from '@jest/globals';

import { describeBlobStoreContract } from './blob-store-contract.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';
import { bodyOf, testBytes } from './test-bodies.ts';

describeBlobStoreContract('MemoryBlobStore', {
  partSizeBytes: 100_000,
  open: async () => {
    const store = new MemoryBlobStore();
    return { store, leftovers: async () => store.openUploads, close: async () => undefined };
  },
});

describe('MemoryBlobStore', () => {
  it('takes its times from the clock it is given', async () => {
    const modifiedAt = new Date('2026-01-02T03:04:05Z');
    const store = new MemoryBlobStore({ now: () => modifiedAt });

    await store.put('a', bodyOf(testBytes(1)));

    expect(await store.head('a')).toEqual({ sizeBytes: 1, modifiedAt });
  });
});

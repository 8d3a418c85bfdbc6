import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

import { BlobStoreUnavailableError } from './blob-store-errors.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { describeBlobStoreContract } from './testing/blob-store-contract.ts';

describeBlobStoreContract('FileBlobStore', {
  partSizeBytes: 1024 ** 2,
  open: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'stowage-storage-'));
    return {
      store: await FileBlobStore.open({ directory }),
      leftovers: async () => [
        ...(await readdir(join(directory, 'incoming'))),
        ...(await readdir(join(directory, 'multipart'))),
      ],
      close: () => rm(directory, { recursive: true }),
    };
  },
});

it('makes nothing where it may not create a store', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stowage-storage-'));
  const refusal = new BlobStoreUnavailableError(`${directory} holds no blob store`);
  await expect(FileBlobStore.open({ directory, create: false })).rejects.toThrow(refusal);
  expect(await readdir(directory)).toEqual([]);
  await FileBlobStore.open({ directory });
  await expect(FileBlobStore.open({ directory, create: false })).resolves.toBeInstanceOf(FileBlobStore);
  await rm(directory, { recursive: true });
});

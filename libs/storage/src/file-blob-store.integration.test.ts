import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

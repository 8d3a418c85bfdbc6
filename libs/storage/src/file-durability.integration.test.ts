import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { BlobStoreError } from './blob-store-errors.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { FileLayout } from './file-layout.ts';
import { listFiles } from './file-listing.ts';
import { bodyOf, collect, collectAll, testBytes } from './testing/test-bodies.ts';

let directory = '';
let store: FileBlobStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stowage-storage-'));
  store = await FileBlobStore.open({ directory });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('FileBlobStore.open', () => {
  it('finds what an earlier store has kept', async () => {
    await store.put('kept', bodyOf(testBytes(100)));

    const again = await FileBlobStore.open({ directory });

    expect(testBytes(100).equals(await collect(await again.get('kept')))).toBe(true);
  });

  it('shows others its marker whole or not at all, so that they may start at the same time', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const empty = join(directory, `empty-${round}`);
      const state = { isOpen: false };
      const opening = FileBlobStore.open({ directory: empty }).finally(() => (state.isOpen = true));
      while (!state.isOpen) {
        seen.add(existsSync(join(empty, 'layout')) ? readFileSync(join(empty, 'layout'), 'utf8') : 'none');
        await setImmediate();
      }
      await opening;
      expect(await readdir(join(empty, 'incoming'))).toEqual([]);
    }
    expect([...seen]).toEqual(['none', 'stowage file store 1\n']);
  });

  it('refuses a directory laid out in a way it does not know', async () => {
    await writeFile(join(directory, 'layout'), 'stowage file store 99\n');

    await expect(FileBlobStore.open({ directory })).rejects.toBeInstanceOf(BlobStoreError);
  });

  it('finishes what a crash in the middle of the first one has left', async () => {
    await rm(join(directory, 'layout'));
    await rm(join(directory, 'blobs'), { recursive: true });

    const again = await FileBlobStore.open({ directory });

    await expect(again.put('a', bodyOf(testBytes(1)))).resolves.toEqual({ sizeBytes: 1 });
  });
});

describe('a store whose directory is gone', () => {
  it('rejects with an error of ours', async () => {
    await rm(directory, { recursive: true });

    await expect(store.check()).rejects.toBeInstanceOf(BlobStoreError);
    await expect(store.put('a', bodyOf(testBytes(1)))).rejects.toBeInstanceOf(BlobStoreError);
    await expect(collectAll(store.list())).rejects.toBeInstanceOf(BlobStoreError);
  });
});

describe('a process killed in the middle of a put', () => {
  it('leaves nothing to see, and what removeAbandoned takes away by age', async () => {
    const child = spawn(process.execPath, [join(__dirname, '../test/crash-probe.ts'), directory]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');

    expect(await store.head('crashed')).toBeUndefined();
    expect(await collectAll(store.list())).toEqual([]);
    expect(await store.removeAbandoned(60_000)).toBe(0);
    expect(await store.removeAbandoned(-1_000)).toBe(1);
    expect(await readdir(join(directory, 'incoming'))).toEqual([]);
  });
});

describe('deleteMany', () => {
  it('names only what is left where one file cannot be deleted', async () => {
    const layout = await FileLayout.open(directory, { create: false });
    const { leaf, file } = layout.locate('stubborn');
    const neighbours = Array.from({ length: 10_000 }, (_, index) => `blob-${index}`)
      .filter((key) => layout.locate(key).leaf === leaf)
      .slice(0, 2);
    for (const key of neighbours) await store.put(key, bodyOf(testBytes(1)));
    await mkdir(file, { recursive: true }); // what unlink refuses
    const deleted = store.deleteMany([...neighbours.slice(0, 1), 'stubborn', ...neighbours.slice(1)]);
    await expect(deleted).rejects.toMatchObject({ name: 'BlobDeletionError', keys: ['stubborn'] });
    expect(await Promise.all(neighbours.map((key) => store.head(key)))).toEqual([undefined, undefined]);
  });
});

describe('removeAbandoned', () => {
  it('ends multipart uploads by age and keeps blobs', async () => {
    await store.put('kept', bodyOf(testBytes(10)));
    const upload = await store.createMultipart('abandoned');
    await upload.uploadPart(1, bodyOf(testBytes(10)), { sizeBytes: 10 });

    expect(await store.removeAbandoned(60_000)).toBe(0);
    expect(await store.removeAbandoned(-1_000)).toBe(1);

    expect(await readdir(join(directory, 'multipart'))).toEqual([]);
    expect(await store.head('kept')).toMatchObject({ sizeBytes: 10 });
  });
});

describe('a multipart upload in files', () => {
  it('becomes the blob without being copied when its parts came in order', async () => {
    const upload = await store.createMultipart('joined');
    const parts = [1, 2, 3].map((number) => () => upload.uploadPart(number, bodyOf(testBytes(99)), { sizeBytes: 99 }));
    const uploaded = [];
    for (const part of parts) uploaded.push(await part());
    const data = await stat(join(directory, 'multipart', upload.uploadId, 'data'));

    await upload.complete(uploaded);

    const { file } = (await FileLayout.open(directory, { create: false })).locate('joined');
    expect((await stat(file)).ino).toBe(data.ino);
    expect((await stat(file)).size).toBe(297);
  });

  it('joins only the parts that are named', async () => {
    const upload = await store.createMultipart('some');
    const first = await upload.uploadPart(1, bodyOf(testBytes(10)), { sizeBytes: 10 });
    await upload.uploadPart(2, bodyOf(testBytes(20)), { sizeBytes: 20 });

    await upload.complete([first]);

    expect(testBytes(10).equals(await collect(await store.get('some')))).toBe(true);
  });
});

describe('listing in windows', () => {
  it.each([7, 100, 101])('is complete and in order with %d keys at a time', async (windowKeys) => {
    const keys = Array.from({ length: 100 }, (_, index) => `window/${index}`);
    for (const key of keys) await store.put(key, bodyOf(testBytes(1)));
    const layout = await FileLayout.open(directory, { create: false });

    const listed = await collectAll(listFiles(layout, { prefix: 'window/', startAfter: 'window/42' }, windowKeys));

    expect(listed.map(({ key }) => key)).toEqual(keys.sort().filter((key) => key > 'window/42'));
  });
});

describe('a put that takes its chunks', () => {
  it('frees them once they are on disk', async () => {
    const chunk = testBytes(100_000);

    await store.put('taken', bodyOf(chunk, 100_000), { takesChunks: true });

    expect(chunk).toHaveLength(0);
    expect(testBytes(100_000).equals(await collect(await store.get('taken')))).toBe(true);
  });
});

describe('a process without file descriptors', () => {
  it('finds the store unavailable', async () => {
    await store.put('blob', bodyOf(testBytes(1_000_000)));
    const probe = join(__dirname, '../test/descriptor-probe.ts');

    const child = spawn('sh', ['-c', 'ulimit -n 40 && exec "$0" "$@"', process.execPath, probe, directory]);
    const [output] = (await once(child.stdout, 'data')) as [Buffer];

    expect(output.toString()).toBe('BlobStoreUnavailableError\n');
  });
});

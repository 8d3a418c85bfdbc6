// Puts and gets one large blob and prints by how much the resident memory of this process grew, in bytes.
// Arguments: file DIRECTORY SIZE, or s3 BUCKET SIZE with TEST_S3_URL set.
import { createHash, randomBytes, type Hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';

import { FileBlobStore, S3BlobStore, sendBlob, type BlobStore } from '../src/index.ts';
import { s3OptionsOf } from '../src/testing/s3-server-options.ts';

const CHUNK_BYTES = 65_536;
const BLOCK_STEP = 1_000_003; // a prime, so that no two chunks near each other are equal
const block = randomBytes(BLOCK_STEP + CHUNK_BYTES);
const [, , kind = '', place = '', size = '0'] = process.argv;

const store = await openStore();
await roundTrip(1024 ** 2); // whatever is loaded or allocated once
const before = readMemory('VmRSS');
writeFileSync('/proc/self/clear_refs', '5'); // resets the peak, see proc(5)
await roundTrip(Number(size));
process.stdout.write(`${JSON.stringify({ grownBytes: readMemory('VmHWM') - before })}\n`);

async function openStore(): Promise<BlobStore> {
  if (kind === 'file') return FileBlobStore.open({ directory: place });
  return S3BlobStore.open({ bucket: place, ...s3OptionsOf(process.env.TEST_S3_URL ?? '') });
}

async function roundTrip(sizeBytes: number): Promise<void> {
  const sent = createHash('sha256');
  const received = createHash('sha256');
  await store.put('probe', generate(sizeBytes, sent));
  await sendBlob(await store.get('probe'), hashInto(received));
  if (received.digest('hex') !== sent.digest('hex')) throw new Error('The bytes came back changed.');
  await store.deleteMany(['probe']);
}

function hashInto(hash: Hash): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done();
    },
  });
}

/** Pieces of one block, so that what is measured is the memory of the store and not that of this generator. */
async function* generate(sizeBytes: number, hash: Hash): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < sizeBytes; start += CHUNK_BYTES) {
    const offset = start % BLOCK_STEP;
    const chunk = block.subarray(offset, offset + Math.min(CHUNK_BYTES, sizeBytes - start));
    hash.update(chunk);
    yield chunk;
  }
}

function readMemory(field: 'VmRSS' | 'VmHWM'): number {
  const match = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(match?.[1]) * 1024;
}

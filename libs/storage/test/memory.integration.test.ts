import { afterEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { openS3Bucket } from '../src/testing/s3-bucket.ts';

const MIB = 1024 ** 2;
const run = promisify(execFile);
const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A process of its own, so that the memory measured is that of one blob going up and down. */
async function measureGrowth(...parameters: readonly string[]): Promise<number> {
  const { stdout } = await run(process.execPath, [join(__dirname, 'memory-probe.ts'), ...parameters]);
  return (JSON.parse(stdout) as { readonly grownBytes: number }).grownBytes;
}

describe('the memory that one large blob takes on its way up and down', () => {
  it('is at most 64 MiB for 1 GiB in files', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'stowage-storage-'));
    cleanUps.push(() => rm(directory, { recursive: true }));

    expect(await measureGrowth('file', directory, String(1024 * MIB))).toBeLessThanOrEqual(64 * MIB);
  });

  it('is at most 64 MiB for 256 MiB in S3', async () => {
    const bucket = await openS3Bucket();
    cleanUps.push(() => bucket.close());

    expect(await measureGrowth('s3', bucket.name, String(256 * MIB))).toBeLessThanOrEqual(64 * MIB);
  });
});

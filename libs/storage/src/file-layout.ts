import { hash, randomUUID } from 'node:crypto';
import { closeSync, fsync, openSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BlobStoreError, BlobStoreUnavailableError } from './blob-store-errors.ts';
import { hasErrorCode } from './translate-file-error.ts';

const sync = promisify(fsync);

const VERSION = 'stowage file store 1\n';
/** 32 × 32 leaves: 10 million blobs make some 10,000 files in each, and all leaves are made once, not by a put. */
const FAN_OUT = 32;
/** Stands for the slash in file names. No key contains it, so the key can be read back. */
const SLASH_IN_FILE_NAMES = '~';

/**
 * Where things lie under the directory of a file store:
 * `blobs/HH/HH/KEY` whole blobs, `incoming/ID` bodies still coming in, `multipart/ID/` uploads in parts.
 */
export class FileLayout {
  readonly directory: string;
  readonly incoming: string;
  readonly multipart: string;
  readonly #blobs: string;

  private constructor(directory: string) {
    this.directory = directory;
    this.incoming = join(directory, 'incoming');
    this.multipart = join(directory, 'multipart');
    this.#blobs = join(directory, 'blobs');
  }

  /**
   * Makes what is missing, or nothing where it may not. Rejects with `BlobStoreError` where the directory is laid out in another way,
   * with `BlobStoreUnavailableError` where it may not be laid out and is not.
   */
  static async open(directory: string, { create }: { readonly create: boolean }): Promise<FileLayout> {
    const layout = new FileLayout(directory);
    if (create) {
      await mkdir(layout.incoming, { recursive: true });
      await mkdir(layout.multipart, { recursive: true });
    }
    const version = await readVersion(join(directory, 'layout'));
    if (version === undefined) {
      if (!create) throw new BlobStoreUnavailableError(`${directory} holds no blob store`);
      await layout.#create();
    } else if (version !== VERSION)
      throw new BlobStoreError(`${directory} is laid out in a way this version does not know.`);
    return layout;
  }

  /** The leaf directory and the file of a blob. */
  locate(key: string): { readonly leaf: string; readonly file: string } {
    const digest = hash('sha1', key, 'buffer');
    const leaf = join(this.#blobs, shardName(digest[0] ?? 0), shardName(digest[1] ?? 0));
    return { leaf, file: `${leaf}/${key.replaceAll('/', SLASH_IN_FILE_NAMES)}` };
  }

  *leaves(): Generator<string> {
    for (let outer = 0; outer < FAN_OUT; outer += 1)
      for (let inner = 0; inner < FAN_OUT; inner += 1) yield join(this.#blobs, shardName(outer), shardName(inner));
  }

  keyOf(fileName: string): string {
    return fileName.replaceAll(SLASH_IN_FILE_NAMES, '/');
  }

  /**
   * The marker comes last, whole, and only once every directory is durable: a crash in between starts over, and of
   * several processes that start at once none reads half of it.
   */
  async #create(): Promise<void> {
    for (const leaf of this.leaves()) await mkdir(leaf, { recursive: true });
    for (let outer = 0; outer < FAN_OUT; outer += 1) await syncDirectory(join(this.#blobs, shardName(outer)));
    await syncDirectory(this.#blobs);
    const marker = join(this.incoming, randomUUID());
    await writeFile(marker, VERSION, { flush: true });
    await rename(marker, join(this.directory, 'layout'));
    await syncDirectory(this.directory);
  }
}

/** Makes names that were added to or removed from a directory survive a power cut; see fsync(2). */
export async function syncDirectory(directory: string): Promise<void> {
  // Only the flush is worth a trip through the thread pool.
  const descriptor = openSync(directory, 'r');
  try {
    await sync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function shardName(byte: number): string {
  return (byte % FAN_OUT).toString(16).padStart(2, '0');
}

async function readVersion(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

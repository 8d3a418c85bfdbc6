import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';

/** Where the bytes of a part lie in the data file of its upload. */
export interface Extent {
  readonly id: string;
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly offset: number;
}

export interface MultipartState {
  readonly key: string;
  /** The last whole extent of each part, by part number. */
  readonly stored: ReadonlyMap<number, Extent>;
  /** Extents being written, or given up by a crash. */
  readonly unfinished: ReadonlyMap<string, Extent>;
  /** No further extents are given out. */
  readonly closed: boolean;
}

export type MultipartRecord =
  | { readonly type: 'reserve'; readonly id: string; readonly partNumber: number; readonly sizeBytes: number }
  | { readonly type: 'store' | 'release'; readonly id: string }
  | { readonly type: 'upload'; readonly key: string }
  | { readonly type: 'close' };

/**
 * The state of a multipart upload as a log of lines. POSIX appends are atomic with O_APPEND, so that every process
 * reads the same order and draws the same conclusions from it: the place of a part needs no lock.
 */
export async function appendRecord(
  file: string,
  record: MultipartRecord,
  options: { readonly durable: boolean },
): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_APPEND);
  try {
    // A crash may have torn the line before: begin a new one.
    await handle.write(`\n${JSON.stringify(record)}\n`);
    if (options.durable) await handle.datasync();
  } finally {
    await handle.close();
  }
}

export async function readState(file: string): Promise<MultipartState> {
  return replay(parseRecords(await readFile(file, 'utf8')));
}

export function parseRecords(text: string): MultipartRecord[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as MultipartRecord];
    } catch {
      return []; // torn by a crash, so never acted upon
    }
  });
}

/** Extents follow each other in the order of their reservations; only the last may be given back. */
export function replay(records: readonly MultipartRecord[]): MultipartState {
  const stored = new Map<number, Extent>();
  const unfinished = new Map<string, Extent>();
  let key = '';
  let end = 0;
  let closed = false;
  for (const record of records) {
    if (record.type === 'upload') key = record.key;
    else if (record.type === 'close') closed = true;
    else if (record.type === 'reserve') {
      if (closed) continue;
      unfinished.set(record.id, { ...record, offset: end });
      end += record.sizeBytes;
    } else {
      const extent = unfinished.get(record.id);
      if (extent === undefined) continue;
      unfinished.delete(record.id);
      if (record.type === 'store') stored.set(extent.partNumber, extent);
      else if (extent.offset + extent.sizeBytes === end) end = extent.offset;
    }
  }
  return { key, stored, unfinished, closed };
}

/** One package file, as apt would fetch it. */
export interface DebianArchive {
  readonly name: string;
  readonly version: string;
  /** Name of the file that `apt-get download` writes. */
  readonly file: string;
  readonly sizeBytes: number;
}

/** Reads what `apt-get install --print-uris` prints: for each file its quoted address, its name, its size and a checksum. */
export function parsePrintedUris(text: string): DebianArchive[] {
  return text.split('\n').flatMap((line) => {
    const match = /^'[^']+' (([^_\s]+)_([^_\s]+)_[^_\s]+\.deb) (\d+)/.exec(line);
    if (match === null) return [];
    const [, file = '', name = '', version = '', size = ''] = match;
    // An epoch's colon cannot stand in every file system's names: 1%3a2.0
    return [{ name, version: decodeURIComponent(version), file, sizeBytes: Number(size) }];
  });
}

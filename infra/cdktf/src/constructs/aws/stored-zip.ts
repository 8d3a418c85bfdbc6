import { crc32 } from 'node:zlib';

/** A file of an archive. */
export interface ZippedFile {
  /** Path in the archive, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** 1980-01-01, the first day a ZIP knows: an archive of the same files is the same, whenever it is made. */
const firstDay = 0x0021;

/** A ZIP of files that are stored as they are. Small scripts gain nothing from being compressed. */
export function storedZip(files: readonly ZippedFile[]): Buffer {
  let offset = 0;
  const entries = files.map(({ path, text }) => {
    const [name, content] = [Buffer.from(path), Buffer.from(text)];
    const facts = describe(name, content);
    const local = Buffer.concat([number(0x04034b50, 4), number(20, 2), facts, number(0, 2), name, content]);
    const central = Buffer.concat([
      ...[number(0x02014b50, 4), number(20, 2), number(20, 2), facts],
      // No comment, one disk, no attributes but that it may be read.
      ...[number(0, 2), number(0, 2), number(0, 2), number(0, 2), number((0o100644 << 16) >>> 0, 4)],
      ...[number(offset, 4), name],
    ]);
    offset += local.length;
    return { local, central };
  });
  const directory = Buffer.concat(entries.map(({ central }) => central));
  const count = number(files.length, 2);
  const end = [number(0x06054b50, 4), number(0, 4), count, count, number(directory.length, 4), number(offset, 4)];
  return Buffer.concat([...entries.map(({ local }) => local), directory, ...end, number(0, 2)]);
}

/** What stands in both headers of a file: flags for UTF-8 names, no compression, time, sum, sizes, length of the name. */
function describe(name: Buffer, content: Buffer): Buffer {
  const size = number(content.length, 4);
  const time = [number(0, 2), number(firstDay, 2)];
  return Buffer.concat([
    ...[number(0x0800, 2), number(0, 2), ...time, number(crc32(content), 4)],
    ...[size, size, number(name.length, 2)],
  ]);
}

function number(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}

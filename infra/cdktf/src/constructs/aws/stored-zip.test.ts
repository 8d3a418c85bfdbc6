import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { storedZip } from './stored-zip.ts';

/** Reads an archive by its directory, as programs do. */
function unzipped(archive: Buffer): Readonly<Record<string, string>> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  let at = archive.readUInt32LE(end + 16);
  const files: Record<string, string> = {};
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [size, nameLength, header] = [
      archive.readUInt32LE(at + 24),
      archive.readUInt16LE(at + 28),
      archive.readUInt32LE(at + 42),
    ];
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const content = archive.subarray(header + 30 + nameLength, header + 30 + nameLength + size);
    expect(archive.readUInt32LE(header)).toBe(0x04034b50);
    expect(archive.readUInt32LE(at + 16)).toBe(crc32(content));
    files[name] = content.toString();
    at += 46 + nameLength;
  }
  expect(at).toBe(end);
  return files;
}

describe('storedZip', () => {
  const files = [
    { path: 'a/b.js', text: 'one\n' },
    { path: 'ü.txt', text: '' },
  ];

  it('holds every file', () => {
    expect(unzipped(storedZip(files))).toEqual({ 'a/b.js': 'one\n', 'ü.txt': '' });
  });

  it('is the same whenever it is made', () => {
    expect(storedZip(files).equals(storedZip(files))).toBe(true);
  });
});

import { expect, it } from '@jest/globals';
import { parsePrintedUris } from './printed-uris.ts';

it('reads names, versions with an epoch, and sizes, and passes over other lines', () => {
  const text = [
    'Reading package lists...',
    "'http://a.example/pool/r/redis-server_8.0.2-3_amd64.deb' redis-server_8.0.2-3_amd64.deb 67432 SHA256:ab",
    "'http://a.example/pool/l/libllvm19_1%3a19.1.7-3%2bb1_amd64.deb' libllvm19_1%3a19.1.7-3+b1_amd64.deb 25978316 SHA256:cd",
    '',
  ].join('\n');
  expect(parsePrintedUris(text)).toEqual([
    { name: 'redis-server', version: '8.0.2-3', file: 'redis-server_8.0.2-3_amd64.deb', sizeBytes: 67_432 },
    {
      name: 'libllvm19',
      version: '1:19.1.7-3+b1',
      file: 'libllvm19_1%3a19.1.7-3+b1_amd64.deb',
      sizeBytes: 25_978_316,
    },
  ]);
});

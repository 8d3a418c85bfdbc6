import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidRequestError } from '../http/invalid-request-error.ts';
import { parseObjectHeaders, setContentHeaders, setObjectHeaders, toContentDisposition } from './object-headers.ts';
import { attributeFaults } from './object-schemas.ts';
import type { StoredObject } from './stored-object.ts';

const object: StoredObject = {
  ...{ bucketId: 'b', key: 'reports/2026.txt', versionId: 'v', blobId: 'blob', sizeBytes: 3, sha256: 'ab'.repeat(32) },
  ...{ contentType: 'text/plain', metadata: {}, modifiedAt: new Date('1994-11-06T08:49:37.900Z') },
};

function headersOf(fields: Partial<StoredObject>, audience: 'private' | 'public' = 'private'): Record<string, unknown> {
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  setObjectHeaders(res, { ...object, ...fields }, audience);
  setContentHeaders(res, { ...object, ...fields });
  return res.getHeaders();
}

function faultsOf(headers: IncomingHttpHeaders): readonly string[] {
  try {
    parseObjectHeaders(headers);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.faults.map(({ header }) => header ?? '');
    throw error;
  }
  return [];
}

describe('parseObjectHeaders', () => {
  it('reads type, disposition, cache control and metadata', () => {
    const headers = {
      'content-type': 'Text/Plain; charset="utf-8"',
      'content-disposition': 'attachment; filename="a.txt"',
      'cache-control': 'max-age=60',
      'stowage-meta-author': 'Zo%C3%AB%20%F0%9F%8E%89',
      'stowage-meta-empty': '',
      'x-other': 'ignored',
    };
    expect(parseObjectHeaders(headers)).toEqual({
      contentType: 'Text/Plain; charset="utf-8"',
      contentDisposition: 'attachment; filename="a.txt"',
      cacheControl: 'max-age=60',
      metadata: { author: 'Zoë 🎉', empty: '' },
    });
  });

  it('takes bytes of an unknown type when nothing is said', () => {
    expect(parseObjectHeaders({})).toMatchObject({ contentType: 'application/octet-stream', metadata: {} });
  });

  it('names every faulty header at once', () => {
    const headers = {
      'content-type': 'nonsense',
      'content-disposition': 'form-data; name="x"',
      'cache-control': 'x'.repeat(256),
      'stowage-meta-a': '%ff',
      'stowage-meta-b': '%00',
      'stowage-meta-c_d': 'x',
    };
    expect([...faultsOf(headers)].sort()).toEqual([
      'cache-control',
      'content-disposition',
      'content-type',
      'stowage-meta-a',
      'stowage-meta-b',
      'stowage-meta-c_d',
    ]);
  });

  it.each([
    'text',
    'text/',
    '/plain',
    'text/plain; x',
    'text/plain; x="a\\"',
    'text/pl(ain',
    'text/plain; x="\u65e5"',
    'text/plain;\u2028x=y',
    'text/plain\nx',
    'text/plain; x="\u0001"',
    `text/${'x'.repeat(256)}`,
  ])('refuses the type %j, which could be no header again', (type) => {
    expect(faultsOf({ 'content-type': type })).toEqual(['content-type']);
  });

  it.each(['text/plain;', 'text/plain ; ; charset=utf-8', "a'*%`|~/b", 'text/plain; x="a\\"b"'])(
    'takes the type %j',
    (type) => {
      expect(faultsOf({ 'content-type': type })).toEqual([]);
    },
  );

  it('refuses metadata that are not percent-encoded, which Node would read as ISO-8859-1', () => {
    expect(faultsOf({ 'stowage-meta-a': Buffer.from('Zoë').toString('latin1') })).toEqual(['stowage-meta-a']);
  });

  it('takes 8 KiB of metadata as they are sent, percent-encoded', () => {
    expect(faultsOf({ 'stowage-meta-a': 'x'.repeat(8 * 1024 - 1) })).toEqual([]);
    expect(faultsOf({ 'stowage-meta-a': 'x'.repeat(8 * 1024) })).toEqual(['stowage-meta-*']);
    expect(faultsOf({ 'stowage-meta-a': '%F0%9F%8E%89'.repeat(683) })).toEqual(['stowage-meta-*']);
  });

  it('takes 50 entries of metadata', () => {
    const entries = (count: number): IncomingHttpHeaders =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`stowage-meta-${index}`, 'x']));
    expect(faultsOf(entries(50))).toEqual([]);
    expect(faultsOf(entries(51))).toEqual(['stowage-meta-*']);
  });
});

describe('setObjectHeaders and setContentHeaders', () => {
  it('tell the version, when it was stored and its digest', () => {
    expect(headersOf({ metadata: { author: 'Zoë 🎉' } })).toMatchObject({
      etag: '"v"',
      'last-modified': 'Sun, 06 Nov 1994 08:49:37 GMT',
      'accept-ranges': 'bytes',
      'repr-digest': `sha-256=:${Buffer.alloc(32, 0xab).toString('base64')}:`,
      'stowage-version-id': 'v',
      'stowage-meta-author': 'Zo%C3%AB%20%F0%9F%8E%89',
      'cache-control': 'private, no-cache',
    });
  });

  it('let caches keep what is public, or what the object says', () => {
    expect(headersOf({}, 'public')['cache-control']).toBe('public, no-cache');
    expect(headersOf({ cacheControl: 'max-age=9' }, 'public')['cache-control']).toBe('max-age=9');
  });

  it('let pages of other sites show what is public, and that alone', () => {
    expect(headersOf({}, 'public')['cross-origin-resource-policy']).toBe('cross-origin');
    expect(headersOf({}, 'private')['cross-origin-resource-policy']).toBeUndefined();
  });

  it('let nothing in the content run', () => {
    expect(headersOf({ contentType: 'text/html' })).toMatchObject({
      'content-type': 'text/html',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': 'attachment; filename="2026.txt"',
    });
  });

  it('take back whatever attributes were accepted', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const attributes = fc.record({
      contentType: fc.oneof(
        fc.constant('text/plain'),
        text.map((value) => `text/plain; x="${value}"`),
      ),
      contentDisposition: fc.option(
        text.map((value) => `attachment; filename="${value}"`),
        { nil: undefined },
      ),
      cacheControl: fc.option(text, { nil: undefined }),
      metadata: fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,8}$/), text),
    });
    fc.assert(
      fc.property(attributes, (given) => {
        fc.pre(attributeFaults(given).length === 0);
        const headers = headersOf(given) as IncomingHttpHeaders;
        expect(parseObjectHeaders(headers)).toMatchObject({ contentType: given.contentType, metadata: given.metadata });
      }),
    );
  });
});

describe('toContentDisposition', () => {
  it.each([
    ['image/png', undefined, 'a/b.png', 'inline; filename="b.png"'],
    ['image/png', 'attachment', 'a/b.png', 'attachment; filename="b.png"'],
    ['image/svg+xml', 'inline', 'a/b.svg', 'attachment; filename="b.svg"'],
    ['text/html', undefined, 'a/', 'attachment; filename="a"'],
    ['text/html; charset=utf-8', 'inline; filename="x.html"', 'a', 'attachment; filename="x.html"'],
    ['IMAGE/PNG; x=y', undefined, 'b', 'inline; filename="b"'],
    [
      'application/octet-stream',
      undefined,
      '日本.bin',
      `attachment; filename="??.bin"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.bin`,
    ],
  ])('%s with %j', (...[contentType, contentDisposition, key, header]) => {
    expect(toContentDisposition({ ...object, contentType, contentDisposition, key })).toBe(header);
  });

  it('writes one header line, whatever the file is called', () => {
    const hostile = `attachment; filename*=UTF-8''%0d%0aSet-Cookie%3Ax%22`;
    expect(toContentDisposition({ ...object, contentDisposition: hostile })).toMatch(/^attachment; [\x20-\x7e]*$/);
  });
});

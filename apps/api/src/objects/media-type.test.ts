import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { checkMediaType, isShownInline } from './media-type.ts';
import { ContentTypeNotAllowedError } from './object-errors.ts';

const files = {
  'image/png': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  'image/jpeg': Buffer.from('ffd8ffe000104a46494600010100', 'hex'),
  'image/gif': Buffer.from('GIF89a\x01\x00\x01\x00', 'latin1'),
  'image/webp': Buffer.from('RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00', 'latin1'),
  'application/pdf': Buffer.from('%PDF-1.7\n'),
  'application/gzip': gzipSync('text'),
};
const text = Buffer.from('<html>just text');
const limits = (contentTypes?: string[]): Parameters<typeof checkMediaType>[2] => ({
  contentTypes,
  retentionDays: 1,
  publicRead: false,
});

const isTaken = (contentType: string, bytes: Uint8Array, contentTypes?: string[]): boolean => {
  try {
    checkMediaType(contentType, bytes, limits(contentTypes));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ContentTypeNotAllowedError);
    return false;
  }
};

describe('checkMediaType', () => {
  it.each(Object.entries(files))('recognizes %s', (type, bytes) => {
    expect(isTaken(type, bytes)).toBe(true);
    expect(isTaken(`${type.toUpperCase()}; x=y`, bytes, [type])).toBe(true);
    expect(isTaken(type, text)).toBe(false);
    expect(isTaken('application/octet-stream', bytes)).toBe(true);
  });

  it('takes what a bucket takes, by type and by group', () => {
    expect(isTaken('image/png', files['image/png'], ['image/*'])).toBe(true);
    expect(isTaken('text/csv', text, ['image/*', 'text/csv'])).toBe(true);
    expect(isTaken('text/csv', text, ['image/*'])).toBe(false);
    expect(isTaken('imagex/png', text, ['image/*'])).toBe(false);
  });

  it('finds what a bucket does not take under the name of what it takes', () => {
    expect(isTaken('text/plain', files['application/pdf'], ['text/plain'])).toBe(false);
    expect(isTaken('text/plain', files['application/pdf'], ['text/plain', 'application/pdf'])).toBe(true);
  });

  it('has nothing to say of no bytes, and of few', () => {
    expect(isTaken('image/png', Buffer.alloc(0))).toBe(true);
    expect(isTaken('image/png', Buffer.alloc(0), ['text/plain'])).toBe(false);
    expect(isTaken('text/plain', Buffer.from('a'))).toBe(true);
  });
});

describe('isShownInline', () => {
  it.each([
    ['image/png', true],
    ['Text/Plain; charset=utf-8', true],
    ['text/html', false],
    ['image/svg+xml', false],
    ['application/xhtml+xml', false],
    ['text/javascript', false],
    ['nonsense', false],
  ])('%s: %s', (type, inline) => {
    expect(isShownInline(type)).toBe(inline);
  });
});

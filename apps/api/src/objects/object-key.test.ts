import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { behindAllKeys, behindKey, behindPrefix, compareKeys, keyPrefixFault, objectKeyFault } from './object-key.ts';

const keys = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 8 })
  .filter((key) => objectKeyFault(key) === undefined);
const prefixes = fc.string({ unit: 'binary', maxLength: 4 }).filter((prefix) => keyPrefixFault(prefix) === undefined);

describe('objectKeyFault', () => {
  it.each([
    'a',
    'a/b',
    '/a',
    'a/',
    '//',
    'a//b',
    '...',
    'a/.../b',
    '.a',
    'a.',
    '..a/b..',
    ' ',
    'a b',
    '%2e%2e',
    '\\..\\',
    'größe',
    '日本',
    '🎉',
    'a'.repeat(1024),
    'é'.repeat(512),
  ])('takes %j', (key) => {
    expect(objectKeyFault(key)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['1025 bytes', 'a'.repeat(1025)],
    ['1026 bytes in 513 characters', 'é'.repeat(513)],
    ['a dot', '.'],
    ['two dots', '..'],
    ['a dot as a segment', 'a/./b'],
    ['two dots at the beginning', '../a'],
    ['two dots at the end', 'a/..'],
    ['NUL', 'a\0'],
    ['a line feed', 'a\nb'],
    ['DEL', '\u007f'],
    ['a C1 control', '\u0085'],
    ['half of a surrogate pair', 'a\ud800'],
    ['the other half', '\udc00a'],
    ['a noncharacter', '\uffff'],
    ['the last noncharacter', '\u{10ffff}'],
    ['a decomposed character', 'e\u0301'],
  ])('refuses %s', (_title, key) => {
    expect(objectKeyFault(key)).toMatch(/^must /);
  });
});

describe('keyPrefixFault', () => {
  it.each(['', '.', '..', 'a/..', 'e\u0301', 'a'.repeat(1024)])('takes %j, which a key may begin with', (prefix) => {
    expect(keyPrefixFault(prefix)).toBeUndefined();
  });

  it.each(['\0', '\ud800', '\ufffe', 'a'.repeat(1025)])('refuses what no key begins with', (prefix) => {
    expect(keyPrefixFault(prefix)).toMatch(/^must /);
  });
});

describe('compareKeys', () => {
  it('puts what is beyond the 16 bits of JavaScript behind U+FFFD', () => {
    expect(compareKeys('\u{10000}', '\u{fffd}')).toBeGreaterThan(0);
    expect(['\u{fffd}', '\u{10000}'].sort()).toEqual(['\u{10000}', '\u{fffd}']);
  });
});

describe('behindPrefix and behindKey', () => {
  it('part the keys that begin with a prefix from those behind it', () => {
    fc.assert(
      fc.property(prefixes, keys, (prefix, key) => {
        const isBelow = compareKeys(key, prefix) >= 0 && compareKeys(key, behindPrefix(prefix)) < 0;
        expect(isBelow).toBe(key.startsWith(prefix));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a', 'b'],
    ['a/', 'a0'],
    ['\u{d7ff}', '\u{e000}'],
    ['x\u{10fffd}', 'x\u{10fffe}'],
    ['', behindAllKeys],
  ])('%j ends before %j', (prefix, behind) => {
    expect(behindPrefix(prefix)).toBe(behind);
  });

  it('leave no key out: the next one is not before behindKey', () => {
    fc.assert(
      fc.property(keys, keys, (key, other) => {
        expect(compareKeys(other, behindKey(key)) >= 0).toBe(compareKeys(other, key) > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every key below the last bound', () => {
    fc.assert(fc.property(keys, (key) => compareKeys(key, behindAllKeys) < 0));
  });
});

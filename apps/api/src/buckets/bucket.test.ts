import { describe, expect, it } from '@jest/globals';
import { isBucketName, mediaTypeEssence, takesContentType } from './bucket.ts';

describe('isBucketName', () => {
  it.each(['abc', 'a-b', '0-0', 'a--b', 'a'.repeat(63)])('takes %j', (name) => {
    expect(isBucketName(name)).toBe(true);
  });

  it.each(['', 'ab', 'a'.repeat(64), '-ab', 'ab-', 'Abc', 'a_b', 'a.b', 'a b', 'a/b', 'äbc', 'abc\n', 'abc\0'])(
    'refuses %j',
    (name) => {
      expect(isBucketName(name)).toBe(false);
    },
  );
});

describe('takesContentType', () => {
  const takes = (contentTypes: readonly string[] | undefined, type: string): boolean =>
    takesContentType({ contentTypes, retentionDays: 1, publicRead: false }, type);

  it.each([
    [undefined, 'anything/at-all', true],
    [['image/*'], 'image/png', true],
    [['image/*'], 'IMAGE/PNG; q=1', true],
    [['image/*'], 'imagex/png', false],
    [['text/csv'], 'text/csv; charset=utf-8', true],
    [['text/csv'], 'text/csv+zip', false],
    [['text/csv', 'image/png'], 'image/png', true],
  ])('of %j, %s: %s', (contentTypes, type, taken) => {
    expect(takes(contentTypes, type)).toBe(taken);
  });
});

describe('mediaTypeEssence', () => {
  it('is the type without parameters, in lower case', () => {
    expect(mediaTypeEssence(' Text/HTML ;charset=utf-8')).toBe('text/html');
  });
});

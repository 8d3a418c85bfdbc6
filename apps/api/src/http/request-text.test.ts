import { describe, expect, it } from '@jest/globals';
import { emailAddress, plainText } from './request-text.ts';

describe('plainText', () => {
  it('trims and composes', () => {
    expect(plainText(10).parse('  cafe\u0301 ')).toBe('caf\u00e9');
  });

  it.each([
    ['nothing', ''],
    ['spaces only', '   '],
    ['more than the limit', 'a'.repeat(11)],
    ['NUL', 'a\0b'],
    ['a line feed', 'a\nb'],
    ['C1 controls', 'a\u0085b'],
    ['a lone surrogate', 'a\udc00'],
    ['another type', 7],
  ])('refuses %s', (_title, text) => {
    expect(plainText(10).safeParse(text).success).toBe(false);
  });
});

describe('emailAddress', () => {
  it('has one spelling for each address', () => {
    expect(emailAddress.parse(' Ada@Example.COM ')).toBe('ada@example.com');
  });

  it.each([
    ['no at sign'],
    ['ada@'],
    ['@example.com'],
    ['a da@example.com'],
    ['ada@example.com\0'],
    [`${'a'.repeat(250)}@example.com`],
  ])('refuses %j', (text) => {
    expect(emailAddress.safeParse(text).success).toBe(false);
  });
});

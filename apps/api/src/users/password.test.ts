import { describe, expect, it } from '@jest/globals';
import { newPassword } from './password.ts';

describe('newPassword', () => {
  it.each([
    ['12 characters', 'twelve chars'],
    ['spaces at the ends, which belong to it', '  twelve chars  '],
    ['12 characters beyond the basic plane', '🔑'.repeat(12)],
    ['128 bytes', 'a'.repeat(128)],
  ])('takes %s', (_title, password) => {
    expect(newPassword.parse(password)).toBe(password);
  });

  it.each([
    ['11 characters', 'eleven char', 'at least 12 characters'],
    ['12 code units that are 6 characters', '🔑'.repeat(6), 'at least 12 characters'],
    ['12 characters that NFC composes to 6', 'e\u0301'.repeat(6), 'at least 12 characters'],
    ['129 bytes', 'a'.repeat(129), 'at most 128 bytes'],
    ['33 characters of 4 bytes', '🔑'.repeat(33), 'at most 128 bytes'],
    ['a lone surrogate', `twelve chars\ud800`, 'surrogate'],
    ['a number', 123_456_789_012, 'expected string'],
  ])('refuses %s', (_title, password, reason) => {
    expect(newPassword.safeParse(password).error?.issues[0]?.message).toContain(reason);
  });
});

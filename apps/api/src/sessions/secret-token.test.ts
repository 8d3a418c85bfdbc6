import { describe, expect, it } from '@jest/globals';
import { hashToken, isSecretToken, newSecretToken } from './secret-token.ts';

describe('secret tokens', () => {
  it.each(['', 'stw_', 'inv_'] as const)('%j: 256 random bits after the prefix', (prefix) => {
    const token = newSecretToken(prefix);
    expect(token).toHaveLength(prefix.length + 43);
    expect(isSecretToken(prefix, token)).toBe(true);
    expect(newSecretToken(prefix)).not.toBe(token);
  });

  it.each([
    ['too short', `stw_${'a'.repeat(42)}`],
    ['too long', `stw_${'a'.repeat(44)}`],
    ['of another kind', `inv_${'a'.repeat(43)}`],
    ['with other characters', `stw_${'a'.repeat(42)}+`],
    ['with a line feed at the end', `stw_${'a'.repeat(43)}\n`],
  ])('are not taken when they are %s', (_title, text) => {
    expect(isSecretToken('stw_', text)).toBe(false);
  });

  it('are stored as SHA-256', () => {
    expect(Buffer.from(hashToken('abc'), 'base64url').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', // FIPS 180-4, example "abc"
    );
  });
});

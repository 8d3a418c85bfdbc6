import { describe, expect, it } from '@jest/globals';
import { PasswordHasher } from './password-hasher.ts';

const cheap = new PasswordHasher({ memoryKibibytes: 8, passes: 1 });
const password = 'correct horse battery staple';

describe('PasswordHasher', () => {
  it('verifies what it hashed and nothing else', async () => {
    const stored = await cheap.hash(password);
    expect(await cheap.verify(password, stored)).toBe(true);
    expect(await cheap.verify(`${password} `, stored)).toBe(false);
  });

  it('salts: the same password never has the same hash', async () => {
    expect(await cheap.hash(password)).not.toBe(await cheap.hash(password));
  });

  it('writes a PHC string with the costs OWASP names, and reads them from there', async () => {
    const stored = await new PasswordHasher().hash(password);
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await cheap.verify(password, stored)).toBe(true);
  });

  it('agrees with another implementation', async () => {
    // From the test suite of the reference implementation (phc-winner-argon2), with a salt of its 8 bytes.
    const stored = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await cheap.verify('password', stored)).toBe(true);
    expect(await cheap.verify('differentpassword', stored)).toBe(false);
  });

  it('takes the same characters in another composition for the same password', async () => {
    const stored = await cheap.hash('p\u00e9n\u00e9lope is twelve');
    expect(await cheap.verify('pe\u0301ne\u0301lope is twelve', stored)).toBe(true);
  });

  it('verifies nothing without a hash, not even an all-zero one', async () => {
    expect(await cheap.verify(password, undefined)).toBe(false);
  });

  it('rejects a stored hash that it cannot read', async () => {
    await expect(cheap.verify(password, '$2b$10$abcdef')).rejects.toThrow('PHC string');
  });
});

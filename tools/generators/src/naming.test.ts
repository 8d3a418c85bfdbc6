import { describe, expect, it } from '@jest/globals';
import { spell, withArticle } from './naming.ts';

describe('spell', () => {
  it('gives every spelling of a name', () => {
    expect(spell('access-token')).toEqual({
      file: 'access-token',
      variable: 'accessToken',
      type: 'AccessToken',
      sql: 'access_token',
      words: 'access token',
    });
  });

  it.each(['Label', 'access_token', 'label-', '-label', '1st', '../label', 'two words', ''])('refuses %j', (name) => {
    expect(() => spell(name)).toThrow('is not in kebab-case');
  });
});

describe('withArticle', () => {
  it('says "an" before a vowel', () => {
    expect([withArticle('label'), withArticle('access token')]).toEqual(['a label', 'an access token']);
  });
});

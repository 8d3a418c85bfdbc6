import { expect, it } from '@jest/globals';
import { quote } from './shell-script.ts';

it('quotes words so that a shell reads them back', () => {
  expect(quote(['/a b/c', "it's", '$HOME', ''])).toBe(`'/a b/c' 'it'\\''s' '$HOME' ''`);
});

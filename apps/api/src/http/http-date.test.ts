import { describe, expect, it } from '@jest/globals';
import { parseHttpDate } from './http-date.ts';

describe('parseHttpDate', () => {
  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'reads %s, whatever the time zone of the process',
    (text) => {
      expect(parseHttpDate(text)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    },
  );

  it.each([
    '',
    '1',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Xxx, 99 Xxx 1994 99:49:37 GMT',
  ])('makes nothing of %j', (text) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });
});

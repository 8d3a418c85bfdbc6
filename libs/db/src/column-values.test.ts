import { describe, expect, it } from '@jest/globals';
import { types } from 'pg';
import { ColumnValueError, columnValues } from './column-values.ts';

const parse = (oid: number, text: string): unknown => columnValues.getTypeParser(oid)(text);
const [int8, int8Array, date, timestamp, timestamptz] = [20, 1016, 1082, 1114, 1184] as const;

describe('columnValues', () => {
  it('makes numbers of int8 within ±(2^53 - 1)', () => {
    expect(parse(int8, '9007199254740991')).toBe(9007199254740991);
    expect(parse(int8, '-9007199254740991')).toBe(-9007199254740991);
    expect(parse(int8Array, '{{1,2},{NULL,4}}')).toEqual([
      [1, 2],
      [null, 4],
    ]);
  });

  it('refuses an int8 that would lose digits', () => {
    expect(() => parse(int8, '9007199254740992')).toThrow(ColumnValueError);
    expect(() => parse(int8Array, '{1,-9007199254740992}')).toThrow(ColumnValueError);
  });

  it('keeps what has no time zone as text', () => {
    expect(parse(date, '2026-03-29')).toBe('2026-03-29');
    expect(parse(timestamp, '2026-03-29 02:30:00')).toBe('2026-03-29 02:30:00');
  });

  it.each([
    '2026-03-29 02:30:00+00',
    '2026-03-29 02:30:00.1+00',
    '2026-03-29 02:30:00.123456+00',
    '2026-03-29 02:30:00.999999+00',
    '2026-03-29 02:30:00.999999+02',
    '1999-12-31 23:59:59.5-05:30',
    '0044-03-15 12:00:00+00 BC',
    '10000-01-01 00:00:00+00',
    'infinity',
  ])('makes the same of the time %s as the driver', (text) => {
    const parseGlobally = types.getTypeParser(types.builtins.TIMESTAMPTZ) as (text: string) => unknown;
    expect(parse(timestamptz, text)).toEqual(parseGlobally(text));
  });

  it('leaves the driver’s own table alone', () => {
    const parseGlobally = types.getTypeParser(types.builtins.INT8) as (text: string) => unknown;
    expect(parseGlobally('1')).toBe('1');
  });
});

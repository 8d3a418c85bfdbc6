import { describe, expect, it } from '@jest/globals';
import { types } from 'pg';
import { ColumnValueError, columnValues } from './column-values.ts';

const parse = (oid: number, text: string): unknown => columnValues.getTypeParser(oid)(text);
const [int8, int8Array, date, timestamp] = [20, 1016, 1082, 1114] as const;

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

  it('leaves the driver’s own table alone', () => {
    const parseGlobally = types.getTypeParser(types.builtins.INT8) as (text: string) => unknown;
    expect(parseGlobally('1')).toBe('1');
  });
});

import { describe, expect, it } from '@jest/globals';
import { sql } from './sql.ts';

describe('sql', () => {
  it('binds every value', () => {
    const id = "'; drop table buckets; --";

    expect(sql('find_bucket')`select name from buckets where id = ${id} and size > ${3}`).toEqual({
      name: 'find_bucket',
      text: 'select name from buckets where id = $1 and size > $2',
      values: [id, 3],
      repeatable: true,
    });
  });

  it('takes null for none, and refuses undefined', () => {
    const withValue = (value: unknown): unknown => sql('find-bucket')`select ${1}, ${value}`.values;

    expect(withValue(null)).toEqual([1, null]);
    expect(() => withValue(undefined)).toThrow('statement find-bucket: value 2 is undefined');
  });

  it.each(['', 'Find', '1st', 'find bucket', 'find__bucket', '_find', 'find_', 'a'.repeat(64)])(
    'refuses the name %j',
    (name) => {
      expect(() => sql(name)).toThrow(TypeError);
    },
  );

  it('takes a name of 63 bytes', () => {
    expect(sql('a'.repeat(63))`select 1`.text).toBe('select 1');
  });

  it('lets the caller say whether it may be repeated', () => {
    expect(sql('touch')`update buckets set touched = true`.repeatable).toBe(false);
    expect(sql('touch', { repeatable: true })`update buckets set touched = true`.repeatable).toBe(true);
    expect(sql('draw', { repeatable: false })`select name from buckets`.repeatable).toBe(false);
  });
});

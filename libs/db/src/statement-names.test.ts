import { describe, expect, it } from '@jest/globals';
import { sql } from './sql.ts';
import { StatementNames } from './statement-names.ts';

describe('StatementNames', () => {
  it('lets a name stand for one text, whatever the values', () => {
    const names = new StatementNames();
    const find = (id: number) => sql('find')`select name from buckets where id = ${id}`;

    names.check(find(1));
    names.check(find(2));
    names.check(sql('find')`select name from buckets where id = ${3}`);

    expect(() => names.check(sql('find')`select id from buckets where id = ${1}`)).toThrow('are named find');
  });
});

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { InvalidRequestError } from './invalid-request-error.ts';
import { decodeCursor, encodeCursor, toPage, toPageRequest } from './page-cursor.ts';

const schema = z.strictObject({ after: z.string() });

describe('cursors', () => {
  it('survive the way to the client and back', () => {
    const cursor = encodeCursor({ after: 'Grüße/🚢 &?' });
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(cursor, schema)).toEqual({ after: 'Grüße/🚢 &?' });
  });

  it.each([
    ['no base64url', '!!!'],
    ['no JSON', Buffer.from('{"after"').toString('base64url')],
    ['no UTF-8', Buffer.from([0xff, 0xfe]).toString('base64url')],
    ['another shape', encodeCursor({ before: 'a' })],
    ['a further field', encodeCursor({ after: 'a', admin: true })],
    ['null', Buffer.from('null').toString('base64url')],
  ])('are refused when they are %s', (_title, cursor) => {
    expect(() => decodeCursor(cursor, schema)).toThrow(InvalidRequestError);
    expect(() => decodeCursor(cursor, schema)).toThrow('cursor');
  });

  it('hold an id where the list goes by id', () => {
    expect(() => toPageRequest({ cursor: encodeCursor({ after: "' or 1=1" }), limit: 1 })).toThrow(InvalidRequestError);
  });
});

describe('toPage', () => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

  it('names where the next page begins only when there is one', () => {
    expect(toPage(rows, 2)).toEqual({ items: rows.slice(0, 2), next: 'b' });
    expect(toPage(rows, 3)).toEqual({ items: rows, next: undefined });
    expect(toPage([], 3)).toEqual({ items: [], next: undefined });
  });
});

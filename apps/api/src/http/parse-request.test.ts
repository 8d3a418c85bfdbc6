import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { z } from 'zod';
import { InvalidRequestError, type RequestFault } from './invalid-request-error.ts';
import { parseRequest } from './parse-request.ts';
import type { RequestSchemas } from './route.ts';

interface Sent {
  readonly url?: string;
  readonly params?: Record<string, string | string[]>;
  readonly body?: unknown;
}

const parse = (schemas: RequestSchemas, { url = '/', params = {}, body }: Sent): unknown =>
  parseRequest(schemas, { url, params, body } as unknown as Request);

function faultsOf(schemas: RequestSchemas, sent: Sent): readonly RequestFault[] {
  try {
    parse(schemas, sent);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.faults;
    throw error;
  }
  throw new Error('Nothing was refused');
}

const params = z.object({ bucket: z.string(), key: z.string().max(5) });
const query = z.strictObject({ limit: z.coerce.number().int().default(3), prefix: z.string().optional() });
const body = z.strictObject({ name: z.string(), tags: z.array(z.string()).optional(), 'a/b~c': z.number().optional() });

describe('parseRequest', () => {
  it('answers what the schemas make of parameters, query and body', () => {
    const sent = { url: '/x?prefix=a%2Fb+c', params: { bucket: 'b', key: ['k', '', 'y'] }, body: { name: 'n' } };
    expect(parse({ params, query, body }, sent)).toEqual({
      params: { bucket: 'b', key: 'k//y' },
      query: { limit: 3, prefix: 'a/b c' },
      body: { name: 'n' },
    });
  });

  it('leaves bodies of bytes alone, and answers nothing for parts without a schema', () => {
    expect(parse({ body: 'bytes' }, { body: 'untouched' })).toEqual({ params: {}, query: {}, body: undefined });
  });

  it('names every fault at once, each by its place', () => {
    const sent = {
      url: '/x?limit=many&unknown=1',
      params: { bucket: 'b', key: 'too-long' },
      body: { tags: ['a', 7], 'a/b~c': 'x', more: 1 },
    };
    const faults = faultsOf({ params, query, body }, sent);
    expect(faults.map(({ detail: _detail, ...place }) => place)).toEqual([
      { parameter: 'key' },
      { parameter: 'limit' },
      { parameter: 'unknown' },
      { pointer: '/name' },
      { pointer: '/tags/1' },
      { pointer: '/a~1b~0c' },
      { pointer: '/more' },
    ]);
    for (const { detail } of faults) expect(detail).toMatch(/^\S.*\.$/);
  });

  it.each([undefined, [], 'text', 7, null])('refuses the body %j where an object is wanted', (sent) => {
    expect(faultsOf({ body }, { body: sent })).toEqual([expect.objectContaining({ pointer: '' })]);
  });

  it('refuses no body even where none of its fields is needed', () => {
    const optional = z.strictObject({ name: z.string().optional() });
    expect(faultsOf({ body: optional }, { body: undefined })).toEqual([
      { pointer: '', detail: 'The body is missing.' },
    ]);
  });

  it('refuses what could reach the prototype of an object', () => {
    expect(faultsOf({ body }, { body: JSON.parse('{"name":"n","__proto__":{"x":1}}') as unknown })).toHaveLength(1);
    expect(faultsOf({ query }, { url: '/?__proto__=1&constructor=2' }).map(({ parameter }) => parameter)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });

  it.each([
    ['given twice', '/?prefix=a&prefix=b', 'prefix'],
    ['unknown to a route without a query', '/?x=1', 'x'],
  ])('refuses a query parameter that is %s', (title, url, parameter) => {
    const schemas = title === 'given twice' ? { query } : {};
    expect(faultsOf(schemas, { url })).toEqual([expect.objectContaining({ parameter })]);
  });

  it.each(['%', '%zz', '%ff', '%ed%a0%80', 'a%c3'])(
    'refuses the query ?prefix=%s rather than ask for something else',
    (text) => {
      expect(faultsOf({ query }, { url: `/?prefix=${text}` })).toEqual([
        { detail: 'The query is not valid percent-encoded UTF-8.' },
      ]);
    },
  );

  it('takes an empty query', () => {
    expect(parse({}, { url: '/x?' })).toMatchObject({ query: {} });
  });

  it('names a hundred faults at most', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`field-${index}`, 1]));
    expect(faultsOf({ body }, { body: { name: 'n', ...many } })).toHaveLength(100);
  });
});

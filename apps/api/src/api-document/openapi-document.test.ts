import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { givenRoute } from '../../test/http-app.ts';
import type { RouteDefinition } from '../http/route.ts';
import { toOpenApiDocument, toOpenApiPath } from './openapi-document.ts';

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, unknown>> }>
  >;
}

const handle = async (): Promise<void> => undefined;

/** The operations of a document with one route, by method. */
function operationsOf(
  fields: Partial<RouteDefinition> & { readonly path: string },
): Readonly<Record<string, Operation>> {
  const { paths } = toOpenApiDocument([
    givenRoute({ handle, operationId: 'getThing', rateLimit: 'request', ...fields }),
  ]) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return paths[toOpenApiPath(fields.path)] ?? {};
}

describe('toOpenApiDocument', () => {
  it('names parameters as OpenAPI does, all of a path required', () => {
    const params = z.object({ bucket: z.string(), key: z.string() });
    const query = z.strictObject({ limit: z.coerce.number().default(1), prefix: z.string() });
    const { get } = operationsOf({
      path: '/v1/:bucket/*key',
      request: { params, query },
      requestHeaders: { 'If-Match': 'Versions.' },
    });
    expect(toOpenApiPath('/v1/:bucket/*key')).toBe('/v1/{bucket}/{key}');
    expect(get?.parameters.map(({ name, in: where, required = false }) => [name, where, required])).toEqual([
      ['bucket', 'path', true],
      ['key', 'path', true],
      ['limit', 'query', false],
      ['prefix', 'query', true],
      ['If-Match', 'header', false],
    ]);
  });

  it('has HEAD beside every GET, under an id of its own', () => {
    const operations = operationsOf({ path: '/x' });
    expect([operations.get?.operationId, operations.head?.operationId]).toEqual(['getThing', 'headThing']);
  });

  it('tells what a body may be', () => {
    const json = operationsOf({ path: '/x', method: 'post', request: { body: z.strictObject({ name: z.string() }) } });
    expect(json.post?.requestBody?.content).toEqual({
      'application/json': {
        schema: {
          type: 'object',
          properties: { name: { type: 'string' } },
          required: ['name'],
          additionalProperties: false,
        },
      },
    });
    expect(Object.keys(json.post?.responses ?? {})).toEqual(expect.arrayContaining(['400', '408', '413', '415']));
    const bytes = operationsOf({ path: '/x', method: 'put', request: { body: 'bytes' } });
    expect(Object.keys(bytes.put?.requestBody?.content ?? {})).toEqual(['*/*']);
    expect(operationsOf({ path: '/x' }).get?.requestBody).toBeUndefined();
  });

  it('names the problems of a route and those of every route, by status', () => {
    const { get } = operationsOf({ path: '/x', access: 'read', problems: ['bucket-not-found', 'object-not-found'] });
    expect(Object.keys(get?.responses ?? {})).toEqual(
      expect.arrayContaining(['400', '401', '403', '404', '429', '500', '503']),
    );
    expect(get?.responses['404']?.description).toContain('/problems/bucket-not-found');
    expect(get?.responses['404']?.description).toContain('/problems/object-not-found');
    expect(get?.security).not.toEqual([]);
  });

  it('tells which routes are limited as tightly as signing in', () => {
    const limited = operationsOf({ path: '/x', rateLimit: 'sign-in' }).get;
    expect(limited).toHaveProperty('x-rate-limit', 'sign-in');
    expect(operationsOf({ path: '/x' }).get).not.toHaveProperty('x-rate-limit');
  });

  it('tells neither limits nor credentials of what is open to load balancers', () => {
    const { get } = operationsOf({ path: '/x', rateLimit: 'none' });
    expect(get?.security).toEqual([]);
    for (const status of ['401', '403', '429']) expect(get?.responses[status]).toBeUndefined();
  });

  it('keeps an answer of the route that has the status of a problem', () => {
    const body = z.object({ status: z.string() });
    const { get } = operationsOf({ path: '/x', responses: { 503: { description: 'It is starting.', body } } });
    expect(Object.keys(get?.responses['503']?.content ?? {}).sort()).toEqual([
      'application/json',
      'application/problem+json',
    ]);
    expect(get?.responses['503']?.description).toMatch(/^It is starting\. /);
  });

  it('is JSON through and through, with no dialect inside', () => {
    const body = z.object({ at: z.iso.datetime(), tags: z.array(z.string()).optional() });
    const document = toOpenApiDocument([
      givenRoute({ handle, path: '/x', responses: { 200: { description: 'It.', body } } }),
    ]);
    const text = JSON.stringify(document);
    expect(JSON.parse(text)).toEqual(document);
    expect(text).not.toContain('$schema');
    expect(document.openapi).toBe('3.1.0');
  });
});

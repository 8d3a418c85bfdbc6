import { describe, expect, it } from '@jest/globals';
import { pathPattern, readApiSurface } from './api-surface.ts';

describe('readApiSurface', () => {
  const surface = { port: 1, healthPath: '/h', keepAliveSeconds: 2, drainSeconds: 3, shutdownSeconds: 4 };

  it('adds HEAD to every GET', () => {
    const { routes } = readApiSurface({ ...surface, routes: [{ method: 'GET', path: '/a', query: ['x'] }] });
    expect(routes.map(({ method, query }) => [method, query])).toEqual([
      ['GET', ['x']],
      ['HEAD', ['x']],
    ]);
  });

  it('refuses what it does not know', () => {
    expect(() => readApiSurface({ ...surface, routes: [{ method: 'TRACE', path: '/a' }] })).toThrow('method');
    expect(() => readApiSurface({ ...surface, routes: [], paths: [] })).toThrow('paths');
  });
});

describe('pathPattern', () => {
  it.each([
    ['/v1/buckets/:bucket', '/v1/buckets/photos', true],
    ['/v1/buckets/:bucket', '/v1/buckets/a/b', false],
    ['/v1/buckets/:bucket', '/v1/buckets/', false],
    ['/v1/buckets/:bucket/objects/*key', '/v1/buckets/a/objects/b/c%20d', true],
    ['/v1/buckets/:bucket/objects/*key', '/v1/buckets/a/objects', false],
    ['/openapi.json', '/openapi.json', true],
    ['/openapi.json', '/openapiXjson', false],
  ])('%s takes %s: %s', (path, tried, expected) => {
    expect(new RegExp(pathPattern({ path })).test(tried)).toBe(expected);
  });
});

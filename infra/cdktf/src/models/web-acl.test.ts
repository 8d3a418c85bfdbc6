import { describe, expect, it } from '@jest/globals';
import { synthesized } from '../../test/synthesized.ts';
import { mostCapacity } from '../constructs/aws/web-acl-rule.ts';
import { readApiSurface, type ApiRoute } from '../edge/api-surface.ts';
import { contentRules, type InspectedPart } from '../edge/managed-rules.ts';
import { capacityOf, judge } from './web-acl.ts';

const { routes } = readApiSurface();
const acl = synthesized('production').at('edge/Firewall');

function request({ method, path }: Pick<ApiRoute, 'method' | 'path'>) {
  return { method, path: path.replaceAll(/:\w+/g, 'x1').replaceAll(/\*\w+/g, 'logs/2026/app.log') };
}

const named = ({ method, path }: Pick<ApiRoute, 'method' | 'path'>): string => `${method} ${path}`;

/** Routes on which whatever AWS dislikes in a part of the request passes. */
function routesThatTakeAny(part: InspectedPart): readonly string[] {
  const setsOff = contentRules(part).map(({ rule }) => rule);
  return routes.filter((route) => judge(acl, { ...request(route), setsOff }).refusedBy === undefined).map(named);
}

describe('the firewall', () => {
  it('lets files and metadata through where the API takes them, and nowhere else', () => {
    const uploads = routes.filter(({ uploads: takesFiles }) => takesFiles).map(named);
    expect(uploads).toContain('PUT /v1/buckets/:bucket/objects/*key');
    const expected = [...uploads, 'PATCH /v1/buckets/:bucket/objects/*key'];
    expect([...routesThatTakeAny('body')].sort()).toEqual(expected.sort());
  });

  it('lets any key through where the path has a key, and nowhere else', () => {
    const keyed = routes.filter(({ path }) => path.includes('*')).map(named);
    expect(routesThatTakeAny('path')).toEqual(keyed);
    expect(keyed).toHaveLength(7);
  });

  it('lets any prefix through where keys are listed, and nowhere else', () => {
    const listing = '/v1/buckets/:bucket/objects';
    expect(routesThatTakeAny('query')).toEqual([`GET ${listing}`, `HEAD ${listing}`]);
  });

  it('lets every route of the API pass that sets nothing off', () => {
    expect(routes.filter((route) => judge(acl, request(route)).refusedBy !== undefined)).toEqual([]);
  });

  it.each([
    ['POST', '/v1/buckets/photos/objects/cat.html'],
    ['PUT', '/v1/buckets/photos'],
    ['PUT', '/v1/buckets/photos/objects/'],
    ['PUT', '/v2/v1/buckets/photos/objects/cat.html'],
    ['PUT', '/v1/buckets/a/b/objects/cat.html'],
    ['PUT', '/v1/Buckets/photos/objects/cat.html'],
  ])('refuses a script in the body of %s %s', (method, path) => {
    expect(judge(acl, { method, path, setsOff: ['CrossSiteScripting_BODY'] }).refusedBy).toBe('flagged-body');
  });

  it('refuses a script in the query of an upload', () => {
    const upload = { method: 'PUT', path: '/v1/buckets/photos/objects/cat.html' };
    expect(judge(acl, { ...upload, setsOff: ['CrossSiteScripting_QUERYARGUMENTS'] }).refusedBy).toBe('flagged-query');
  });

  it('counts attempts to sign in on the routes that the API limits tightly, and on no others', () => {
    const counted = routes.filter((route) => judge(acl, request(route)).labels.has('stowage:sign-in'));
    expect(counted).toEqual(routes.filter(({ signsIn }) => signsIn));
    expect(counted.map(named)).toContain('POST /v1/sessions');
    const rules = acl.attributes.rule as readonly Readonly<Record<string, unknown>>[];
    expect(rules.find(({ name }) => name === 'sign-in-rate')?.statement).toMatchObject({
      rate_based_statement: {
        limit: 100,
        scope_down_statement: { label_match_statement: { key: 'stowage:sign-in' } },
      },
    });
  });

  it.each(['dev', 'staging', 'production'] as const)('leaves room for more rules in %s', (name) => {
    const capacity = capacityOf(synthesized(name).at('edge/Firewall'));
    expect(capacity).toBeGreaterThan(1_175);
    expect(capacity).toBeLessThanOrEqual(mostCapacity - 100);
  });
});

describe('the model', () => {
  it.each([
    [{ geo_match_statement: {} }, 'does not know geo_match_statement'],
    [{ managed_rule_group_statement: { name: 'Unheard' } }, 'capacity of Unheard is not known'],
    [{}, 'is of one kind'],
  ])('refuses %j', (statement, complaint) => {
    const other = { ...acl, attributes: { rule: [{ name: 'other', priority: 0, statement }] } };
    expect(() => capacityOf(other)).toThrow(complaint);
  });
});

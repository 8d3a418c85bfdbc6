import { describe, expect, it } from '@jest/globals';
import { matches, refusedBy } from '../../test/firewall.ts';
import { findRuleFaults, mostCapacity, ruleCapacity } from '../constructs/aws/web-acl-rule.ts';
import { readApiSurface, type ApiRoute } from './api-surface.ts';
import { firewallRules, flaggedBodyLabels } from './firewall-rules.ts';
import { contentRules, type InspectedPart } from './managed-rules.ts';

const { routes } = readApiSurface();
const rules = firewallRules({ routes, requestsPerAddress: 2_000, signInsPerAddress: 100 });

function request({ method, path }: Pick<ApiRoute, 'method' | 'path'>) {
  return { method, path: path.replaceAll(/:\w+/g, 'x1').replaceAll(/\*\w+/g, 'logs/2026/app.log') };
}

/** Routes on which whatever AWS dislikes in a part of the request passes. */
function routesThatTakeAny(part: InspectedPart): readonly string[] {
  const setsOff = contentRules(part).map(({ rule }) => rule);
  return routes
    .filter((route) => refusedBy(rules, { ...request(route), setsOff }) === undefined)
    .map(({ method, path }) => `${method} ${path}`);
}

describe('the firewall', () => {
  it('lets files and metadata through where the API takes them, and nowhere else', () => {
    const uploads = routes.filter(({ uploads: takesFiles }) => takesFiles);
    expect(uploads.map(({ method, path }) => `${method} ${path}`)).toContain('PUT /v1/buckets/:bucket/objects/*key');
    const metadata = { method: 'PATCH', path: '/v1/buckets/:bucket/objects/*key' };
    const expected = [...uploads, metadata].map(({ method, path }) => `${method} ${path}`);
    expect([...routesThatTakeAny('body')].sort()).toEqual(expected.sort());
  });

  it('lets any key through where the path has a key, and nowhere else', () => {
    const keyed = routes.filter(({ path }) => path.includes('*')).map(({ method, path }) => `${method} ${path}`);
    expect(routesThatTakeAny('path')).toEqual(keyed);
    expect(keyed).toHaveLength(7);
  });

  it('lets any prefix through where keys are listed, and nowhere else', () => {
    const listing = '/v1/buckets/:bucket/objects';
    expect(routesThatTakeAny('query')).toEqual([`GET ${listing}`, `HEAD ${listing}`]);
  });

  it.each([
    ['POST', '/v1/buckets/photos/objects/cat.html'],
    ['PUT', '/v1/buckets/photos'],
    ['PUT', '/v1/buckets/photos/objects/'],
    ['PUT', '/v2/v1/buckets/photos/objects/cat.html'],
    ['PUT', '/v1/buckets/a/b/objects/cat.html'],
    ['PUT', '/v1/Buckets/photos/objects/cat.html'],
  ])('refuses a script in the body of %s %s', (method, path) => {
    expect(refusedBy(rules, { method, path, setsOff: ['CrossSiteScripting_BODY'] })).toBe('flagged-body');
  });

  it('refuses a script in the query of an upload', () => {
    const upload = { method: 'PUT', path: '/v1/buckets/photos/objects/cat.html' };
    expect(refusedBy(rules, upload)).toBeUndefined();
    expect(refusedBy(rules, { ...upload, setsOff: ['CrossSiteScripting_QUERYARGUMENTS'] })).toBe('flagged-query');
  });

  it('counts attempts to sign in on the routes that the API limits tightly, and on no others', () => {
    const rule = rules.find(({ name }) => name === 'sign-in');
    if (rule?.kind !== 'label') throw new Error('There is no such label.');
    const counted = routes.filter((route) => matches(rule.match, request(route)));
    expect(counted).toEqual(routes.filter(({ signsIn }) => signsIn));
    expect(counted.map(({ method, path }) => `${method} ${path}`)).toContain('POST /v1/sessions');
    expect(rules.find(({ name }) => name === 'sign-in-rate')).toMatchObject({
      requests: 100,
      match: { kind: 'label', label: rule.label },
    });
  });

  it('is sound and leaves room for more', () => {
    const capacity = rules.reduce((sum, rule) => sum + ruleCapacity(rule), 0);
    expect(findRuleFaults(rules)).toEqual([]);
    expect(capacity).toBeLessThanOrEqual(mostCapacity - 100);
  });

  it('refuses flagged content everywhere while the API takes none', () => {
    const bare = firewallRules({ routes: [], requestsPerAddress: 2_000, signInsPerAddress: 100 });
    expect(findRuleFaults(bare)).toContainEqual(expect.stringContaining('stowage:sign-in'));
    const path = '/v1/buckets/photos/objects/cat.html';
    expect(refusedBy(bare, { method: 'PUT', path, setsOff: ['SQLi_BODY'] })).toBe('flagged-body');
  });

  it('logs flagged bodies that passed', () => {
    expect(flaggedBodyLabels()).toContain('awswaf:managed:aws:core-rule-set:SizeRestrictions_Body');
  });
});

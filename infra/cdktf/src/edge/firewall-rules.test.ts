import { describe, expect, it } from '@jest/globals';
import { findRuleFaults, mostCapacity, ruleCapacity } from '../constructs/aws/web-acl-rule.ts';
import { readApiSurface } from './api-surface.ts';
import { firewallRules, flaggedBodyLabels } from './firewall-rules.ts';

const { routes } = readApiSurface();
const rules = firewallRules({ routes, requestsPerAddress: 2_000, signInsPerAddress: 100 });

// What they do with requests is asked of the synthesized firewall: models/web-acl.test.ts.
describe('firewallRules', () => {
  it('are sound and leave room for more', () => {
    const capacity = rules.reduce((sum, rule) => sum + ruleCapacity(rule), 0);
    expect(findRuleFaults(rules)).toEqual([]);
    expect(capacity).toBeLessThanOrEqual(mostCapacity - 100);
  });

  it('say who comes from where before they judge what is sent', () => {
    const order = rules.map(({ name }) => name);
    expect(order.indexOf('any-body')).toBeLessThan(order.indexOf('common'));
    expect(order.indexOf('request-rate')).toBeLessThan(order.indexOf('known-bad-inputs'));
    expect(order.slice(-3)).toEqual(['flagged-body', 'flagged-path', 'flagged-query']);
  });

  it('cannot limit sign-ins of an API that has none', () => {
    const bare = firewallRules({ routes: [], requestsPerAddress: 2_000, signInsPerAddress: 100 });
    expect(findRuleFaults(bare)).toEqual([expect.stringContaining('stowage:sign-in')]);
  });

  it('log flagged bodies that passed', () => {
    expect(flaggedBodyLabels()).toContain('awswaf:managed:aws:core-rule-set:SizeRestrictions_Body');
  });
});

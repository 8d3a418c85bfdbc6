import { describe, expect, it } from '@jest/globals';
import { hasLabel, methodIs } from './web-acl-match.ts';
import { findRuleFaults, ruleCapacity, type WebAclRule } from './web-acl-rule.ts';

const group = { name: 'AWSManagedRulesCommonRuleSet', capacity: 700 };
const common: WebAclRule = { kind: 'managed', name: 'common', group };
const label: WebAclRule = { kind: 'label', name: 'writes', label: 'own:writes', match: methodIs('PUT') };
const block: WebAclRule = { kind: 'block', name: 'no-writes', match: hasLabel('own:writes') };

describe('ruleCapacity', () => {
  it.each<[WebAclRule, number]>([
    [common, 700],
    [label, 2],
    [block, 1],
    [{ kind: 'rate', name: 'rate', requests: 100 }, 2],
    [{ kind: 'rate', name: 'rate', requests: 100, match: hasLabel('own:writes') }, 3],
  ])('%# is known', (rule, expected) => {
    expect(ruleCapacity(rule)).toBe(expected);
  });
});

describe('findRuleFaults', () => {
  it('finds none in rules whose labels come first', () => {
    expect(findRuleFaults([label, common, block])).toEqual([]);
  });

  it('finds a label that is put on too late', () => {
    expect(findRuleFaults([block, label])).toEqual([
      '"no-writes" asks for the label "own:writes", which no rule before it puts on',
    ]);
  });

  it('takes labels of AWS for granted', () => {
    expect(findRuleFaults([{ ...block, match: hasLabel('awswaf:managed:aws:x:Y_Body') }])).toEqual([]);
  });

  it('finds rules that share a name, which is also that of their metric', () => {
    expect(findRuleFaults([common, common])).toContain('two rules are called "common"');
  });

  it('finds too much', () => {
    const rules = ['a', 'b', 'c'].map((name): WebAclRule => ({ ...common, name }));
    expect(findRuleFaults(rules)).toEqual(['the rules use 2100 units of capacity of 1500']);
  });
});

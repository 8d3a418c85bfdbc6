import { describe, expect, it } from '@jest/globals';
import { environmentNames } from '../../src/environments/read-environment.ts';
import { findExpired, findViolations, judge } from '../../src/policy/engine.ts';
import { exemptions } from '../../src/policy/exemptions.ts';
import type { PolicyRule } from '../../src/policy/rule.ts';
import { policyRules } from '../../src/policy/rules.ts';
import { kubernetesRules } from '../../src/policy/rules/kubernetes-rules.ts';
import { podRules } from '../../src/policy/rules/pod-rules.ts';
import { synthesized } from '../synthesized.ts';
import { hardenedWorkloads } from './hardened-workloads.ts';
import { mutated, type Mutation } from './mutation.ts';
import { accountAlarmMutations, accountMutations } from './mutations/account-mutations.ts';
import { clusterMutations } from './mutations/cluster-mutations.ts';
import {
  bucketMutations,
  cacheMutations,
  databaseMutations,
  recoveryMutations,
  registryMutations,
} from './mutations/data-mutations.ts';
import { loadBalancerMutations, webAclMutations } from './mutations/edge-mutations.ts';
import {
  functionMutations,
  identityMutations,
  keyAndSecretMutations,
  messageAndLogMutations,
} from './mutations/identity-mutations.ts';
import { computeMutations, networkMutations, securityGroupMutations } from './mutations/network-mutations.ts';
import { detours, podKinds } from './mutations/detours.ts';
import { kubernetesMutations, podMutations } from './mutations/workload-mutations.ts';

const mutations: Readonly<Record<string, Mutation>> = {
  ...{ ...networkMutations, ...securityGroupMutations, ...computeMutations, ...clusterMutations },
  ...{ ...databaseMutations, ...cacheMutations, ...bucketMutations, ...registryMutations, ...recoveryMutations },
  ...{ ...loadBalancerMutations, ...webAclMutations, ...identityMutations, ...keyAndSecretMutations },
  ...{ ...messageAndLogMutations, ...functionMutations, ...accountMutations, ...accountAlarmMutations },
  ...{ ...podMutations, ...kubernetesMutations },
};

const caught = new Set<string>();
let detoursCaught = 0;
const verdicts = environmentNames.map((name) => ({
  name,
  verdict: judge(findViolations(synthesized(name), policyRules), exemptions, name),
}));

/** What a mutation of production breaks that was whole before, and that no exemption excuses. */
function newlyBroken(rule: PolicyRule, mutation: Mutation): readonly string[] {
  const before = isAboutPods(rule) ? hardenedWorkloads : synthesized('production');
  const known = new Set(findViolations(before, [rule]).map(({ message }) => message));
  const { open } = judge(findViolations(mutated(before, mutation), [rule]), exemptions, 'production');
  return open.map(({ message }) => message).filter((message) => !known.has(message));
}

function isAboutPods(rule: PolicyRule): boolean {
  return podRules.includes(rule) || kubernetesRules.includes(rule);
}

describe('the policy', () => {
  it.each(verdicts)('is kept by $name', ({ verdict }) => {
    expect(verdict.open.map(({ message }) => message)).toEqual([]);
  });

  it('is kept by workloads that are hardened', () => {
    expect(findViolations(hardenedWorkloads, [...podRules, ...kubernetesRules])).toEqual([]);
  });

  it('has no rule twice', () => {
    const ids = policyRules.flatMap((rule) => rule.ids);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('has a mutation for each rule, and none for rules that are gone', () => {
    expect(Object.keys(mutations).sort()).toEqual(policyRules.map(({ ids: [id] }) => id).sort());
  });

  it.each(policyRules.map((rule) => ({ id: rule.ids[0], rule })))('catches its mutation: $id', ({ id, rule }) => {
    const mutation = mutations[id];
    expect(mutation).toBeDefined();
    if (mutation === undefined) return;
    expect(newlyBroken(rule, mutation)).not.toEqual([]);
    caught.add(id);
  });

  it.each([...detours, ...podKinds])('catches a way around $id: $what', ({ id, mutation }) => {
    const rule = policyRules.find(({ ids: [first] }) => first === id);
    expect(rule).toBeDefined();
    if (rule === undefined) return;
    expect(newlyBroken(rule, mutation)).not.toEqual([]);
    detoursCaught += 1;
  });
});

describe('exemptions', () => {
  it('excuse something each, in each environment they name', () => {
    const idle = verdicts.flatMap(({ name, verdict }) =>
      exemptions
        .filter(({ environments }) => environments.includes(name))
        .filter((exemption) => !verdict.used.includes(exemption))
        .map(({ rule, resources }) => `${name}: ${rule} on ${resources.join(', ')}`),
    );
    expect(idle).toEqual([]);
  });

  it('name rules that exist, and come with a reason and an owner', () => {
    const ids = new Set(policyRules.flatMap((rule) => rule.ids));
    expect(exemptions.filter(({ rule }) => !ids.has(rule))).toEqual([]);
    expect(exemptions.filter(({ reason, owner }) => reason.length < 20 || owner === '')).toEqual([]);
  });

  it('run out', () => {
    const [first] = exemptions;
    expect(first).toBeDefined();
    if (first === undefined) return;
    expect(findExpired([first], first.expires)).toEqual([]);
    expect(findExpired([first], '2999-01-01')).toEqual([first]);
  });
});

it('is counted', () => {
  const excused = verdicts.map(({ name, verdict }) => `${verdict.exempted.length} findings in ${name}`).join(', ');
  const ids = policyRules.flatMap((rule) => rule.ids).length;
  process.stdout.write(
    `policy: ${policyRules.length} rules (${ids} ids) checked, ${caught.size} mutations caught and ${detoursCaught} ways around, ` +
      `${exemptions.length} exemptions that excuse ${excused}\n`,
  );
  expect(caught.size).toBe(policyRules.length);
});

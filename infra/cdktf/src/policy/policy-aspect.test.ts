import { describe, expect, it } from '@jest/globals';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { GivenStack } from '../../test/given-stack.ts';
import { synthesizedApp } from '../../test/synthesized.ts';
import type { Exemption } from './exemption.ts';
import { enforcePolicy } from './policy-aspect.ts';
import type { PolicyRule } from './rule.ts';
import { securityGroupRules } from './rules/security-group-rules.ts';

const described = securityGroupRules.filter(({ ids: [id] }) => id === 'CKV_AWS_23');
const exemption: Exemption = {
  rule: 'AWS-0099',
  resources: ['given/*'],
  environments: ['dev'],
  reason: 'The test wants it so.',
  owner: 'tests',
  expires: '2026-06-30',
};

interface Given {
  readonly rules: readonly PolicyRule[];
  readonly exemptions?: readonly Exemption[];
  readonly today?: string;
}

/** Synthesizes a security group that does not say what it is for. */
function synthesize({ rules, exemptions = [], today = '2026-01-01' }: Given): void {
  synthesizedApp((app) => {
    const stack = new GivenStack(app);
    new SecurityGroup(stack, 'Silent', { vpcId: 'vpc-1' });
    enforcePolicy(app, { environment: 'dev', rules, exemptions, today });
  });
}

describe('the aspect of the policy', () => {
  it('makes synthesis fail, and says which resource breaks what', () => {
    expect(() => synthesize({ rules: described })).toThrow(/given\/Silent breaks CKV_AWS_23/);
    expect(() => synthesize({ rules: described })).toThrow(/Encountered Annotations with level "ERROR"/);
  });

  it('tells of what is missing altogether', () => {
    const demanding: PolicyRule = { ids: ['X'], title: 'is there', check: () => [{ path: 'aws_backup_vault' }] };
    expect(() => synthesize({ rules: [demanding] })).toThrow(/aws_backup_vault breaks X/);
  });

  it('lets pass what is exempted, until the exemption runs out', () => {
    const given = { rules: described, exemptions: [exemption] };
    expect(() => synthesize({ ...given, today: '2026-06-30' })).not.toThrow();
    expect(() => synthesize({ ...given, today: '2026-07-01' })).toThrow(/AWS-0099 ran out on 2026-06-30.*ask tests/);
  });
});

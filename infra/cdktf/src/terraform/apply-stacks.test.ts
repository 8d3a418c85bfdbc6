import { describe, expect, it } from '@jest/globals';
import { ScriptedTerraform } from '../../test/scripted-terraform.ts';
import { deployStacks, destroyStacks, planStacks, type ApplyContext } from './apply-stacks.ts';
import type { Terraform } from './terraform-cli.ts';

const stacks = ['network', 'data'].map((name) => ({ name, dependencies: [], directory: `/nowhere/${name}` }));
const plan = 'plan -detailed-exitcode -out=tfplan';

function contextOf(terraform: Terraform, change: Partial<ApplyContext> = {}) {
  const reported: string[] = [];
  const context: ApplyContext = {
    terraform,
    locksDirectory: '/nowhere/locks',
    approve: () => Promise.resolve(true),
    report: (line) => void reported.push(line),
    ...change,
  };
  return { context, reported };
}

describe('planStacks', () => {
  it('says which stacks would change', async () => {
    const { context, reported } = contextOf(new ScriptedTerraform({ 'data: plan': 2 }));
    expect(await planStacks(stacks, context)).toEqual(['data']);
    expect(reported).toEqual(['── network', '── data', 'Would change: data.']);
  });

  it('ends at a stack that cannot be planned', async () => {
    const terraform = new ScriptedTerraform({ 'network: plan': 1 });
    await expect(planStacks(stacks, contextOf(terraform).context)).rejects.toMatchObject({ exitCode: 1 });
    expect(terraform.runs).toEqual(['network: init', `network: ${plan}`]);
  });
});

describe('deployStacks', () => {
  it('applies each stack before it plans the next', async () => {
    const terraform = new ScriptedTerraform({ 'network: plan': 2, 'data: plan': 2 });
    await deployStacks(stacks, contextOf(terraform).context);
    expect(terraform.runs).toEqual([
      'network: init',
      `network: ${plan}`,
      'network: apply tfplan',
      'data: init',
      `data: ${plan}`,
      'data: apply tfplan',
    ]);
  });

  it('applies nothing where nothing changes', async () => {
    const terraform = new ScriptedTerraform();
    await deployStacks(stacks, contextOf(terraform).context);
    expect(terraform.runs.filter((run) => run.includes('apply'))).toEqual([]);
  });

  it('stops before what is not approved', async () => {
    const terraform = new ScriptedTerraform({ 'network: plan': 2, 'data: plan': 2 });
    const { context } = contextOf(terraform, { approve: (stack) => Promise.resolve(stack !== 'network') });
    await expect(deployStacks(stacks, context)).rejects.toThrow(
      'network was not approved; nothing after it was touched.',
    );
    expect(terraform.runs).toEqual(['network: init', `network: ${plan}`]);
  });
});

describe('destroyStacks', () => {
  it('goes backwards', async () => {
    const terraform = new ScriptedTerraform({ 'network: plan': 2, 'data: plan': 2 });
    await destroyStacks(stacks, contextOf(terraform).context);
    expect(terraform.runs).toEqual([
      'data: init',
      `data: ${plan} -destroy`,
      'data: apply tfplan',
      'network: init',
      `network: ${plan} -destroy`,
      'network: apply tfplan',
    ]);
  });
});

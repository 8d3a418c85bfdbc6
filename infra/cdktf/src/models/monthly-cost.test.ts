import { describe, expect, it } from '@jest/globals';
import { givenDev } from '../../test/given-environment.ts';
import { synthesized } from '../../test/synthesized.ts';
import { expectedUsage, noUsage } from '../environments/expected-usage.ts';
import type { EnvironmentName } from '../environments/environment.ts';
import { findBudgetFault } from '../environments/environment-invariants.ts';
import { environmentNamed, environmentNames, parseEnvironment } from '../environments/read-environment.ts';
import { ResourceGraph } from '../policy/resource-graph.ts';
import { estimateMonthlyCost, standingCosts, totalUsd } from './monthly-cost.ts';

const costs = environmentNames.map((name) => {
  const usd = totalUsd(estimateMonthlyCost(synthesized(name), expectedUsage[name]));
  return { name, usd, budget: environmentNamed(name).operations.monthlyBudgetUsd };
});

describe('the estimate', () => {
  it.each(costs)('of $name is within its budget, and the budget within reach', ({ name, usd, budget }) => {
    expect(findBudgetFault(environmentNamed(name), usd)).toBeUndefined();
    expect(budget).toBeLessThan(usd * 1.6);
    process.stdout.write(`cost: ${name} ${Math.round(usd)} USD a month, budget ${budget}\n`);
  });

  it('grows with the environments', () => {
    const usd = costs.map((cost) => cost.usd);
    expect(usd).toEqual(usd.toSorted((one, other) => one - other));
  });

  it('counts a second database with its standby and its storage', () => {
    const database = (attributes: object) =>
      new ResourceGraph([
        {
          name: 'data',
          dependencies: [],
          terraform: {
            resource: {
              aws_db_instance: { it: { instance_class: 'db.t3.small', allocated_storage: 100, ...attributes } },
            },
          },
        },
      ]);
    const usdOf = (attributes: object) => totalUsd(estimateMonthlyCost(database(attributes), expectedUsage.dev));
    expect(usdOf({ multi_az: true }) - usdOf({})).toBeCloseTo(0.036 * 730 + 100 * 0.115);
  });

  it.each(environmentNames)('of %s is the sum of what its stacks cost by being there, and of what is used', (name) => {
    const standing = [...standingCosts(synthesized(name)).values()].reduce((sum, usd) => sum + usd, 0);
    expect(standing).toBeCloseTo(totalUsd(estimateMonthlyCost(synthesized(name), noUsage)));
    expect(standing).toBeLessThan(totalUsd(estimateMonthlyCost(synthesized(name), expectedUsage[name])));
  });

  it('counts each run of the canary, and what health checks do beyond asking', () => {
    const item = (name: EnvironmentName, wanted: string) =>
      estimateMonthlyCost(synthesized(name), expectedUsage[name]).find((entry) => entry.item === wanted);
    expect(item('production', 'Canary')).toMatchObject({ quantity: '8760 runs', monthlyUsd: 8_760 * 0.0012 });
    expect(item('dev', 'Canary')).toBeUndefined();
    expect(item('dev', 'Their extras: HTTPS, latency')?.monthlyUsd).toBe(2);
  });
});

it('says why a budget below the estimate is refused', () => {
  const poor = parseEnvironment(givenDev({ operations: { monthlyBudgetUsd: 100 } }));
  expect(findBudgetFault(poor, 250)?.message).toContain('100 USD is less than the 250 USD');
});

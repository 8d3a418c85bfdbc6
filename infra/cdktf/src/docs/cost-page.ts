import { expectedUsage } from '../environments/expected-usage.ts';
import { estimateMonthlyCost, standingCosts, totalUsd } from '../models/monthly-cost.ts';
import { inOrder } from '../terraform/stack-order.ts';
import { page, table } from './markdown.ts';
import type { SynthesizedEnvironment } from './synthesized-environment.ts';

/** What each environment is estimated to cost in a month. */
export function renderCosts(environments: readonly SynthesizedEnvironment[]): string {
  const bills = environments.map(({ environment, graph }) =>
    estimateMonthlyCost(graph, expectedUsage[environment.name]),
  );
  const items = [...new Set(bills.flatMap((bill) => bill.map(({ item }) => item)))];
  const cell = (bill: (typeof bills)[number], item: string) => {
    const lines = bill.filter((line) => line.item === item);
    if (lines.length === 0) return '–';
    return `${totalUsd(lines).toFixed(2)} (${lines.map(({ quantity }) => quantity).join(' + ')})`;
  };
  return page('Costs', [
    'USD a month in us-east-1, on demand, without free tiers and discounts: an estimate from the resources of each environment and from [what it is expected to be used for](../../infra/cdktf/src/environments/expected-usage.ts), at [prices published in 2026](../../infra/cdktf/src/models/price-list.ts). No bill was seen. Synthesis fails when an estimate exceeds its budget.',
    table(
      ['item', ...environments.map(({ environment }) => environment.name)],
      [
        ...items.map((item) => [item, ...bills.map((bill) => cell(bill, item))]),
        ['**in all**', ...bills.map((bill) => `**${Math.round(totalUsd(bill))}**`)],
        ['budget', ...environments.map(({ environment }) => String(environment.operations.monthlyBudgetUsd))],
      ],
    ),
    '## By stack',
    'What each stack adds by being there, from the day it is applied until it is destroyed; what is used comes on top.',
    renderStandingCosts(environments),
  ]);
}

function renderStandingCosts(environments: readonly SynthesizedEnvironment[]): string {
  const costs = environments.map(({ graph }) => standingCosts(graph));
  const stacks = inOrder(environments.at(-1)?.graph.stacks ?? []);
  const whole = (usd: number) => String(Math.round(usd));
  return table(
    ['stack', ...environments.map(({ environment }) => environment.name)],
    [
      ...stacks.map(({ name }) => [name, ...costs.map((cost) => whole(cost.get(name) ?? 0))]),
      ['**in all**', ...costs.map((cost) => `**${whole([...cost.values()].reduce((sum, usd) => sum + usd, 0))}**`)],
    ],
  );
}

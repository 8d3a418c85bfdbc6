import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AlertTopic } from './alert-topic.ts';

export interface CostBudgetProps {
  readonly monthlyUsd: number;
  readonly alerts: AlertTopic;
}

/** Shares of the budget, in percent, that somebody hears of. */
const notices = [
  { notificationType: 'ACTUAL', threshold: 50 },
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
] as const;

/** What the account may cost in a month. Nothing stops when it is spent: people are told, in time. */
export class CostBudget extends Construct {
  constructor(scope: Construct, id: string, { monthlyUsd, alerts }: CostBudgetProps) {
    super(scope, id);
    new BudgetsBudget(this, 'Resource', {
      name: BaseStack.of(this).resourceName('monthly'),
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: String(monthlyUsd),
      limitUnit: 'USD',
      notification: notices.map((notice) => ({
        ...notice,
        comparisonOperator: 'GREATER_THAN',
        thresholdType: 'PERCENTAGE',
        subscriberSnsTopicArns: [alerts.arn],
      })),
    });
  }
}

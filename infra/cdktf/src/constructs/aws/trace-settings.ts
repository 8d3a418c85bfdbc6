import { XrayGroup } from '@cdktf/provider-aws/lib/xray-group/index.js';
import { XraySamplingRule } from '@cdktf/provider-aws/lib/xray-sampling-rule/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';

export interface TraceSettingsProps {
  /** Share of requests that are traced: 0 to 1. */
  readonly sampling: number;
  /** Asked all day by load balancers, and never of interest. */
  readonly healthPath: string;
}

interface SamplingRule {
  readonly name: string;
  /** The lowest is asked first. */
  readonly priority: number;
  readonly urlPath: string;
  readonly fixedRate: number;
  /** Traced in each second whatever the rate says. */
  readonly reservoirSize: number;
}

/** Views of X-Ray on slow and on failed requests, and which requests are traced at all. */
export class TraceSettings extends Construct {
  constructor(scope: Construct, id: string, { sampling, healthPath }: TraceSettingsProps) {
    super(scope, id);
    if (sampling < 0 || sampling > 1) throw new Error(`A share of requests is between 0 and 1, not ${sampling}.`);
    this.#sample({ name: 'health', priority: 100, urlPath: healthPath, fixedRate: 0, reservoirSize: 0 });
    // Whether a request will fail is not known when it begins. One in each second is kept, so that quiet hours are seen too.
    this.#sample({ name: 'default', priority: 9_000, urlPath: '*', fixedRate: sampling, reservoirSize: 1 });
    this.#group('slow', 'responsetime > 1');
    this.#group('failed', 'fault = true');
  }

  #sample({ name, ...rule }: SamplingRule): void {
    new XraySamplingRule(this, `Sampling-${name}`, {
      ruleName: BaseStack.of(this).resourceName(name, 'tracing'),
      ...{ host: '*', httpMethod: '*', resourceArn: '*', serviceName: '*', serviceType: '*', version: 1 },
      ...rule,
    });
  }

  #group(name: string, filterExpression: string): void {
    new XrayGroup(this, `Group-${name}`, {
      groupName: BaseStack.of(this).resourceName(name, 'tracing'),
      filterExpression,
      insightsConfiguration: { insightsEnabled: true, notificationsEnabled: false },
    });
  }
}

import { Pushgateway, type PushResult, type Registry } from '@stowage/observability';
import type { RunReporter } from './run-reporter.ts';
import type { RunResult } from './run-result.ts';
import { formatShard, type Shard } from './shard.ts';

export interface PushgatewayReporterOptions {
  readonly url: string;
  /** Label `env` of what is pushed. */
  readonly environment: string;
}

/** Which group of metrics a run replaces. */
export interface ReportedJob {
  readonly job: string;
  readonly shard: Shard;
}

/** Pushes the metrics of each job and shard to a group of their own, the same from run to run. */
export class PushgatewayReporter implements RunReporter {
  readonly #options: PushgatewayReporterOptions;

  constructor(options: PushgatewayReporterOptions) {
    this.#options = options;
  }

  report(result: RunResult, registry: Registry): Promise<PushResult> {
    return this.#gatewayOf(result).push(registry);
  }

  /** Deletes what was pushed of a job and shard that is run no more: the gateway forgets nothing by itself. */
  forget(reported: ReportedJob): Promise<PushResult> {
    return this.#gatewayOf(reported).decommission();
  }

  #gatewayOf({ job, shard }: ReportedJob): Pushgateway {
    const { url, environment: env } = this.#options;
    return new Pushgateway({ url, grouping: { job, env, ...(shard.count > 1 && { shard: formatShard(shard) }) } });
  }
}

import type { PushResult, Registry } from '@stowage/observability';
import type { RunResult } from './run-result.ts';

/** Tells those outside how a run went. */
export interface RunReporter {
  /** Never rejects, and takes two seconds at most: the run has been what it was, whoever hears of it. */
  report(result: RunResult, registry: Registry): Promise<PushResult>;
}

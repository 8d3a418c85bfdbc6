import type { Registry } from '@stowage/observability';
import type { RunResult } from './run-result.ts';

/** Tells the world outside how a run went. */
export interface RunReporter {
  /** Never rejects, and takes two seconds at most: the run has been what it was, whoever hears of it. */
  report(result: RunResult, registry: Registry): Promise<void>;
}

/** Where there is nobody to tell. */
export const noReporter: RunReporter = { report: async () => undefined };

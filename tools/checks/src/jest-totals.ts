import type { TestResults } from './test-results.ts';

/** What Jest's reporter interface gives that is counted here. */
export interface JestTotals {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** A suite that did not run has no failed tests, and counts as one. */
export function countTests(totals: JestTotals): TestResults {
  return {
    passed: totals.numPassedTests,
    failed: totals.numFailedTests + totals.numRuntimeErrorTestSuites,
    skipped: totals.numPendingTests + totals.numTodoTests,
  };
}

import { stripVTControlCharacters } from 'node:util';
import type { TestResults } from './test-results.ts';

/** What Jest's reporter interface gives that is counted here. */
export interface JestTotals {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly JestSuite[];
}

interface JestSuite {
  readonly testFilePath: string;
  /** Why the suite did not run. */
  readonly testExecError?: { readonly message: string } | undefined;
  readonly testResults: readonly JestTest[];
}

interface JestTest {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages: readonly string[];
}

/** Enough for a difference of two values; the rest is in the output of the test. */
const mostLines = 20;

/** A suite that did not run has no failed tests, and counts as one. */
export function countTests({ numPassedTests, numPendingTests, numTodoTests, testResults }: JestTotals): TestResults {
  return {
    passed: numPassedTests,
    failures: testResults.flatMap(failuresOf),
    skipped: numPendingTests + numTodoTests,
  };
}

function failuresOf({ testFilePath, testExecError, testResults }: JestSuite): readonly string[] {
  const suite = testExecError === undefined ? [] : [describeFailure(testFilePath, [testExecError.message])];
  const tests = testResults.filter(({ status }) => status === 'failed');
  return [
    ...suite,
    ...tests.map(({ fullName, failureMessages }) => describeFailure(`${testFilePath}: ${fullName}`, failureMessages)),
  ];
}

function describeFailure(name: string, messages: readonly string[]): string {
  const lines = stripVTControlCharacters(messages.join('\n')).split('\n');
  return [name, ...lines.slice(0, mostLines)].join('\n');
}

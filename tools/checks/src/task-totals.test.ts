import { describe, expect, it } from '@jest/globals';
import { countTests } from './jest-totals.ts';
import { closingLine, totalOf, type FinishedTask } from './task-totals.ts';
import type { TestResults } from './test-results.ts';

const threePassed: TestResults = { passed: 3, failed: 0, skipped: 0 };

function total(task: Partial<FinishedTask>, results?: TestResults): TestResults {
  return totalOf([{ projectName: 'db', target: 'test', ...task }], () => results);
}

describe('totalOf', () => {
  it('counts each test case', () => {
    expect(total({ status: 0 }, threePassed)).toEqual(threePassed);
    expect(total({ status: 1 }, { passed: 3, failed: 2, skipped: 0 })).toEqual({ passed: 3, failed: 2, skipped: 0 });
  });

  it('counts any other task as one check', () => {
    expect(total({ target: 'lint', status: 0 })).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(total({ target: 'lint', status: 1 })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('counts a test task without results as failed, whatever its exit code', () => {
    expect(total({ status: 0 })).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(total({ status: 1 })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('counts a failed task without a failed test as a failure', () => {
    expect(total({ status: 1 }, threePassed)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a task that was skipped as failed', () => {
    expect(total({ target: 'test-integration' })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('sums up', () => {
    const tasks = ['db', 'cache'].map((projectName) => ({ projectName, target: 'test', status: 0 }));
    expect(totalOf(tasks, () => threePassed)).toEqual({ passed: 6, failed: 0, skipped: 0 });
  });
});

describe('countTests', () => {
  it('counts a suite that failed to run as a failure', () => {
    const totals = {
      numPassedTests: 4,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      numRuntimeErrorTestSuites: 2,
    };
    expect(countTests(totals)).toEqual({ passed: 4, failed: 3, skipped: 3 });
  });
});

describe('closingLine', () => {
  it('is plain', () => {
    expect(closingLine({ passed: 12, failed: 1, skipped: 0 })).toBe('12 passed, 1 failed');
    expect(closingLine({ passed: 12, failed: 0, skipped: 2 })).toBe('12 passed, 0 failed, 2 skipped');
  });
});

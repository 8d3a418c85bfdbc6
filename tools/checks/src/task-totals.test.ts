import { describe, expect, it } from '@jest/globals';
import { countTests } from './jest-totals.ts';
import { closingLine, totalOf, type FinishedTask } from './task-totals.ts';
import type { TestResults } from './test-results.ts';

const threePassed: TestResults = { passed: 3, failures: [], skipped: 0 };

function total(task: Partial<FinishedTask>, results?: TestResults): TestResults {
  return totalOf([{ projectName: 'db', target: 'test', ...task }], () => results);
}

describe('totalOf', () => {
  it('counts each test case', () => {
    expect(total({ status: 0 }, threePassed)).toEqual(threePassed);
    const twoFailed: TestResults = { passed: 3, failures: ['a', 'b'], skipped: 0 };
    expect(total({ status: 1 }, twoFailed)).toEqual(twoFailed);
  });

  it('counts any other task as one check', () => {
    expect(total({ target: 'lint', status: 0 })).toEqual({ passed: 1, failures: [], skipped: 0 });
    expect(total({ target: 'lint', status: 1 })).toEqual({
      passed: 0,
      failures: ['db:lint'],
      skipped: 0,
    });
  });

  it('counts a test task without results as failed, whatever its exit code', () => {
    const noTest: TestResults = { passed: 0, failures: ['db:test: no test ran'], skipped: 0 };
    expect(total({ status: 0 })).toEqual(noTest);
    expect(total({ status: 1 })).toEqual(noTest);
  });

  it('counts a failed task without a failed test as a failure', () => {
    expect(total({ status: 1 }, threePassed)).toEqual({
      passed: 3,
      failures: ['db:test: failed beside its tests'],
      skipped: 0,
    });
  });

  it('counts a task that was skipped as failed', () => {
    expect(total({ target: 'test-integration' }).failures).toEqual(['db:test-integration: no test ran']);
  });

  it('sums up', () => {
    const tasks = ['db', 'cache'].map((projectName) => ({ projectName, target: 'test', status: 0 }));
    expect(totalOf(tasks, () => threePassed)).toEqual({ passed: 6, failures: [], skipped: 0 });
  });
});

describe('countTests', () => {
  it('names each failed test, and a suite that did not run as one', () => {
    const failed = {
      status: 'failed',
      fullName: 'a file is kept',
      failureMessages: ['\u001b[31mit is gone\u001b[39m\nat all'],
    };
    const passed = { status: 'passed', fullName: 'a file is found', failureMessages: [] };
    const testResults = [
      { testFilePath: '/a.test.ts', testResults: [passed, failed] },
      { testFilePath: '/b.test.ts', testResults: [], testExecError: { message: 'no such module' } },
    ];
    expect(countTests({ numPassedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults })).toEqual({
      passed: 1,
      failures: ['/a.test.ts: a file is kept\nit is gone\nat all', '/b.test.ts\nno such module'],
      skipped: 3,
    });
  });

  it('keeps the first lines of a long message', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`);
    const failed = { status: 'failed', fullName: 'a test', failureMessages: [lines.join('\n')] };
    const testResults = [{ testFilePath: '/a.test.ts', testResults: [failed] }];
    const { failures } = countTests({ numPassedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults });
    expect(failures[0]?.split('\n').at(-1)).toBe('line 20');
  });
});

describe('closingLine', () => {
  it('is plain', () => {
    expect(closingLine({ passed: 12, failures: ['a'], skipped: 0 })).toBe('12 passed, 1 failed');
    expect(closingLine({ passed: 12, failures: [], skipped: 2 })).toBe('12 passed, 0 failed, 2 skipped');
  });
});

import type { TaskName, TestResults } from './test-results.ts';

/** A task that Nx ran or took from its cache. */
export interface FinishedTask extends TaskName {
  /** Exit code; undefined when it was skipped, as a task it depends on failed. */
  readonly status?: number | undefined;
}

const none: TestResults = { passed: 0, failures: [], skipped: 0 };

export function addResults(a: TestResults, b: TestResults): TestResults {
  return {
    passed: a.passed + b.passed,
    failures: [...a.failures, ...b.failures],
    skipped: a.skipped + b.skipped,
  };
}

/** One check that passed or failed. */
export function oneCheck(name: string, ok: boolean): TestResults {
  return ok ? { ...none, passed: 1 } : { ...none, failures: [name] };
}

/**
 * Sums up what ran: each test case of a test task, and every other task as one check. A test task that failed without
 * a failed test, or passed without results, is a failure of its own.
 */
export function totalOf(
  tasks: readonly FinishedTask[],
  readResults: (task: TaskName) => TestResults | undefined,
): TestResults {
  return tasks.map((task) => resultsOf(task, readResults)).reduce(addResults, none);
}

function resultsOf(task: FinishedTask, readResults: (task: TaskName) => TestResults | undefined): TestResults {
  const ok = task.status === 0;
  const name = `${task.projectName}:${task.target}`;
  if (!isTestTask(task)) return oneCheck(name, ok);
  const results = readResults(task);
  if (results === undefined) return oneCheck(`${name}: no test ran`, false);
  return ok || results.failures.length > 0 ? results : { ...results, failures: [`${name}: failed beside its tests`] };
}

/** Whether a task runs test cases that can be counted. */
export function isTestTask({ target }: TaskName): boolean {
  return target === 'test' || target.startsWith('test-');
}

/** The closing line, for people and programs. */
export function closingLine({ passed, failures, skipped }: TestResults): string {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

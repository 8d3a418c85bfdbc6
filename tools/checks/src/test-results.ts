/** How the test cases of one task ended. */
export interface TestResults {
  readonly passed: number;
  /** What failed, each with its name in the first line and why in the lines after it. */
  readonly failures: readonly string[];
  readonly skipped: number;
}

export interface TaskName {
  readonly projectName: string;
  readonly target: string;
}

/** Directory of all results, from the root of the workspace; nx.json names it as an output of the test targets. */
export const resultsDirectory = 'dist/test-results';

/** Where a test task leaves its results. */
export function resultsPath({ projectName, target }: TaskName): string {
  return `${resultsDirectory}/${projectName}/${target}.json`;
}

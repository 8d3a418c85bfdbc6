import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { countTests, type JestTotals } from './jest-totals.ts';
import { resultsPath } from './test-results.ts';

/** Jest reporter that leaves the counts of a test task where `npm test` sums them up and Nx caches them. */
// eslint-disable-next-line no-restricted-syntax -- Jest takes the default export of a reporter
export default class JestResults {
  onRunComplete(_contexts: unknown, totals: JestTotals): void {
    const { NX_TASK_TARGET_PROJECT: projectName, NX_TASK_TARGET_TARGET: target } = process.env;
    if (projectName === undefined || target === undefined) return; // Jest was started by hand
    const path = join(import.meta.dirname, '../../..', resultsPath({ projectName, target }));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(countTests(totals)));
  }
}

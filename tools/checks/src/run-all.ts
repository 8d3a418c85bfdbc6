/** Every check and test there is: `npm test`. What failed is told at the end; the last line says how many passed and failed. */
import { join } from 'node:path';
import { findBase, gitIn } from './change-base.ts';
import { runProgram } from './run-program.ts';
import { runTasks, type TaskRun } from './run-tasks.ts';
import { addResults, closingLine, oneCheck } from './task-totals.ts';
import { runWorkspaceChecks } from './workspace-checks.ts';

const root = join(import.meta.dirname, '../../..');
const env = process.env;
const git = gitIn(root);

const base = findBase(env, git);
console.log(base === undefined ? 'Checking everything.' : `Checking what differs from ${base}.`);
const checks = [
  oneCheck('format', await checkFormat()),
  oneCheck('commits', await checkCommits(base)),
  ...(await runWorkspaceChecks(root)),
];
const tests = await runTests();
const total = [...checks, tests.total].reduce(addResults);
if (tests.testCases === 0) console.error('No test ran.');
process.exitCode = total.failures.length === 0 && tests.testCases > 0 ? 0 : 1;
for (const failure of total.failures) console.log(`\nFailed: ${failure}`);
console.log(closingLine(total));

async function checkFormat(): Promise<boolean> {
  const ok = await runProgram(['prettier', '--check', '--log-level=warn', '.'], { cwd: root, env });
  console.log(ok ? 'format: passed' : 'format: run "npx prettier --write ." and commit what it changes');
  return ok;
}

/** The titles since the base, or of all commits this clone has. */
async function checkCommits(from: string | undefined): Promise<boolean> {
  if (git('rev-parse', 'HEAD') === undefined) {
    console.log('commits: this is no git checkout, so there are none to check');
    return true;
  }
  const first = from ?? git('rev-list', '--max-parents=0', 'HEAD')?.split('\n').at(-1) ?? 'HEAD';
  const ok = await runProgram(['commitlint', `--from=${first}`, '--to=HEAD'], { cwd: root, env });
  console.log(ok ? 'commits: passed' : 'commits: CONTRIBUTING.md says how titles are written');
  return ok;
}

/** A change that affects no test runs them all: a run without a test says nothing. */
async function runTests(): Promise<TaskRun> {
  const affected = await runTasks({ root, env, base });
  return base === undefined || affected.testCases > 0 ? affected : runTasks({ root, env, base: undefined });
}

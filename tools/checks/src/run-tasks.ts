import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfPresent } from './missing-file.ts';
import { runProgram } from './run-program.ts';
import { addResults, isTestTask, oneCheck, totalOf, type FinishedTask } from './task-totals.ts';
import { resultsDirectory, resultsPath, type TaskName, type TestResults } from './test-results.ts';

/** Tasks that Nx runs at the same time as those of the other lanes. */
interface Lane {
  readonly targets: readonly string[];
  /** How many tasks at a time. */
  readonly parallel: number;
  /** Each run of Nx leaves its summary in its own. */
  readonly cacheDirectory: string;
}

const lanes: readonly Lane[] = [
  // One for each core of the smallest machine this has to run on.
  { targets: ['lint', 'typecheck', 'test', 'test-integration'], parallel: 2, cacheDirectory: '.nx/cache' },
  // Minutes of waiting for what an emulator makes, which cost the others little: begun first, they end before them.
  { targets: ['test-rehearsal'], parallel: 1, cacheDirectory: '.nx/cache-rehearsal' },
];

/** What Nx writes after a run. */
const nxRun = z.object({
  tasks: z.array(z.object({ projectName: z.string(), target: z.string(), status: z.number().optional() })),
});
const testResults = z.object({ passed: z.number(), failures: z.array(z.string()), skipped: z.number() });

export interface RunTasksOptions {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only what differs from this commit, and what depends on it. @default undefined - everything */
  readonly base: string | undefined;
}

export interface TaskRun {
  /** Test cases, and every lint and typecheck task as one. */
  readonly total: TestResults;
  /** How many test cases ran. */
  readonly testCases: number;
}

/** Runs the checks and tests of the projects by Nx and counts them. */
export async function runTasks(options: RunTasksOptions): Promise<TaskRun> {
  const { root } = options;
  await rm(join(root, resultsDirectory), { recursive: true, force: true });
  const runs = await Promise.all(lanes.map((lane) => runLane(lane, options)));
  const tasks = runs.flatMap((run) => run.tasks);
  const results = await readAllResults(root, tasks);
  const total = totalOf(tasks, ({ projectName, target }) => results.get(resultsPath({ projectName, target })));
  const testCases = [...results.values()].reduce((sum, { passed, failures }) => sum + passed + failures.length, 0);
  const ok = runs.every((run) => run.ok);
  return { total: ok || total.failures.length > 0 ? total : addResults(total, oneCheck('nx', false)), testCases };
}

interface LaneRun {
  readonly ok: boolean;
  readonly tasks: readonly FinishedTask[];
}

async function runLane(lane: Lane, { root, env, base }: RunTasksOptions): Promise<LaneRun> {
  const { targets, parallel, cacheDirectory } = lane;
  const runFile = join(root, cacheDirectory, 'run.json');
  await rm(runFile, { force: true });
  const which = base === undefined ? ['run-many'] : ['affected', `--base=${base}`];
  const ok = await runProgram(['nx', ...which, '-t', ...targets, `--parallel=${parallel}`, '--output-style=static'], {
    cwd: root,
    // Without its daemon Nx always restores the results of a cached task; its own colours and screen are for terminals.
    env: { ...env, NX_DAEMON: 'false', NX_TUI: 'false', NX_CACHE_DIRECTORY: cacheDirectory },
  });
  return { ok, tasks: (await readTasks(runFile)).filter(({ target }) => targets.includes(target)) };
}

async function readTasks(file: string): Promise<readonly FinishedTask[]> {
  const text = await readIfPresent(file);
  return text === undefined ? [] : nxRun.parse(JSON.parse(text)).tasks;
}

async function readAllResults(root: string, tasks: readonly TaskName[]): Promise<ReadonlyMap<string, TestResults>> {
  const found = new Map<string, TestResults>();
  for (const task of tasks.filter(isTestTask)) {
    const path = resultsPath(task);
    const text = await readIfPresent(join(root, path));
    if (text !== undefined) found.set(path, testResults.parse(JSON.parse(text)));
  }
  return found;
}

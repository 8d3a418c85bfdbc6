import { installCrashHandlers, onShutdownSignal } from '@stowage/observability';
import type { Environment } from '@stowage/settings';
import { parseCommandLine, type ForgetCommand, type HistoryCommand, type RunCommand } from './command-line.ts';
import { composeHistory, composeReporter, composeRun } from './compose-run.ts';
import { readWorkerConfig } from './config/worker-config.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { helpText } from './help-text.ts';
import type { JobSet } from './job-set.ts';
import { RunDisplay, type Output } from './progress/run-display.ts';
import { reportFailure } from './report-failure.ts';
import { historyLines, listLines, toJsonLine, toSentence } from './run-text.ts';
import { formatShard } from './shard.ts';
import { failureText } from './run-result.ts';
import { StoppedError } from './stopped-error.ts';
import { UsageError } from './usage-error.ts';

export interface RunWorkerOptions {
  /** What stands behind the program's name. */
  readonly args: readonly string[];
  readonly env: Environment;
  /** Results. */
  readonly stdout: Output;
  /** Logs, progress and complaints. */
  readonly stderr: Output;
  readonly jobs: JobSet;
  /** The migrations that the database must have. */
  readonly migrationsDirectory: string;
}

/** The whole life of the process: arguments, settings, one run; its exit code. Never rejects. */
export async function runWorker(options: RunWorkerOptions): Promise<number> {
  const { args, env, jobs, stdout, stderr } = options;
  const print = (lines: readonly string[]): void => lines.forEach((line) => stdout.write(`${line}\n`));
  try {
    const command = parseCommandLine(args, { catalog: jobs.catalog, completionIndex: env.JOB_COMPLETION_INDEX });
    if (command.kind === 'run') return await runJob(command, options);
    if (command.kind === 'forget') return await forgetJob(command, options);
    if (command.kind === 'history') print(await readHistory(command, options));
    else if (command.kind === 'list') print(listLines(jobs.catalog, command.json));
    else stdout.write(helpText(jobs.catalog));
    return exitCodes.done;
  } catch (error) {
    const { message, exitCode } = reportFailure(error);
    stderr.write(message);
    return exitCode;
  }
}

async function runJob(command: RunCommand, options: RunWorkerOptions): Promise<number> {
  const { env, stdout, stderr, jobs, migrationsDirectory } = options;
  const settings = readWorkerConfig(env);
  const display = new RunDisplay(stderr, settings.LOG_LEVEL);
  installCrashHandlers(display.log);
  const shard = formatShard(command.shard);
  const log = display.log.child({ job: command.job, shard, dryRun: command.dryRun });
  const openProgress = (title: string) => display.openProgress(title, log);
  const composition = { settings, log, jobs, migrationsDirectory, openProgress, stop: stopOnSignal() };
  const result = await composeRun(command, composition);
  if (result === undefined) {
    stderr.write(`Another run of ${command.job} ${shard} is under way.\n`);
    return exitCodes.locked;
  }
  if (command.json) stdout.write(`${toJsonLine(result)}\n`);
  else if (display.isTerminal) stdout.write(`${toSentence(result)}\n`);
  return exitCodeOf(result);
}

async function readHistory(
  { job, limit, json }: HistoryCommand,
  { env, stderr, migrationsDirectory }: RunWorkerOptions,
): Promise<readonly string[]> {
  const settings = readWorkerConfig(env);
  const { log } = new RunDisplay(stderr, settings.LOG_LEVEL);
  await using history = await composeHistory({ settings, log, migrationsDirectory });
  return historyLines(await history.runs.listLatest({ job, limit }), json);
}

async function forgetJob({ job, shards }: ForgetCommand, { env, stderr }: RunWorkerOptions): Promise<number> {
  const reporter = composeReporter(readWorkerConfig(env));
  if (reporter === undefined) throw new UsageError('There is no gateway to forget it: PUSHGATEWAY_URL is not set.');
  let exitCode: number = exitCodes.done;
  for (const shard of shards) {
    const forgotten = await reporter.forget({ job, shard });
    if (forgotten.ok) continue;
    stderr.write(`${job} ${formatShard(shard)} was not forgotten: ${failureText(forgotten.error)}\n`);
    exitCode = exitCodes.failed;
  }
  return exitCode;
}

/** The first signal asks the run to finish its item. A second one says that somebody has lost patience. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  const kill = (): void => {
    // A killed run is nothing special: the next one goes on.
    process.kill(process.pid, 'SIGKILL');
  };
  void onShutdownSignal({ onRepeat: kill }).then((signal) => stop.abort(new StoppedError(`stopped by ${signal}`)));
  return stop.signal;
}

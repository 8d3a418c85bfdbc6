import { createLogger, installCrashHandlers, onShutdownSignal, type RootLogger } from '@stowage/observability';
import type { Environment } from '@stowage/settings';
import { parseCommandLine, type HistoryCommand, type RunCommand } from './command-line.ts';
import { composeHistory, composeRun } from './compose-run.ts';
import { readWorkerConfig, type WorkerSettings } from './config/worker-config.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { helpText } from './help-text.ts';
import type { JobSet } from './job-set.ts';
import { LoggedProgress } from './progress/logged-progress.ts';
import type { Progress } from './progress/progress.ts';
import { TerminalProgress } from './progress/terminal-progress.ts';
import { reportFailure } from './report-failure.ts';
import { historyLines, listLines, toJsonLine, toSentence } from './run-text.ts';
import { formatShard } from './shard.ts';
import { StoppedError } from './stopped-error.ts';

/** Where text goes: `process.stdout` or `process.stderr`. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface RunWorkerOptions {
  /** What stands behind the program's name. */
  readonly args: readonly string[];
  readonly env: Environment;
  /** Results. */
  readonly stdout: Output;
  /** Logs, progress and complaints. */
  readonly stderr: Output;
  readonly jobs: JobSet;
}

/** The whole life of the process: arguments, settings, one run, its exit code. Never rejects. */
export async function runWorker(options: RunWorkerOptions): Promise<number> {
  const { args, env, jobs, stdout, stderr } = options;
  const print = (lines: readonly string[]): void => lines.forEach((line) => stdout.write(`${line}\n`));
  try {
    const command = parseCommandLine(args, { catalog: jobs.catalog, completionIndex: env.JOB_COMPLETION_INDEX });
    if (command.kind === 'run') return await runJob(command, options);
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

async function runJob(command: RunCommand, { env, stdout, stderr, jobs }: RunWorkerOptions): Promise<number> {
  const settings = readWorkerConfig(env);
  const rootLog = openLog(settings, stderr);
  installCrashHandlers(rootLog);
  const log = rootLog.child({ job: command.job, shard: formatShard(command.shard), dryRun: command.dryRun });
  const openProgress = (title: string): Progress => {
    const now = (): number => performance.now();
    if (stderr.isTTY !== true) return new LoggedProgress({ log, now });
    const columns = (): number => stderr.columns ?? 80;
    return new TerminalProgress({ title, terminal: { columns, write: (text) => stderr.write(text) }, now });
  };
  const result = await composeRun(command, { settings, log, jobs, openProgress, stop: stopOnSignal() });
  if (result === undefined) {
    stderr.write(`Another run of ${command.job} ${formatShard(command.shard)} is under way.\n`);
    return exitCodes.locked;
  }
  if (command.json) stdout.write(`${toJsonLine(result)}\n`);
  else if (stderr.isTTY === true) stdout.write(`${toSentence(result)}\n`);
  return exitCodeOf(result);
}

async function readHistory(
  { job, limit, json }: HistoryCommand,
  { env, stderr }: RunWorkerOptions,
): Promise<readonly string[]> {
  const settings = readWorkerConfig(env);
  await using history = composeHistory({ settings, log: openLog(settings, stderr) });
  return historyLines(await history.runs.listLatest({ job, limit }), json);
}

/** Logs go where results do not, so that `--json` has standard output for itself. */
function openLog(settings: WorkerSettings, stderr: Output): RootLogger {
  const level = settings.LOG_LEVEL ?? (stderr.isTTY === true ? 'warn' : 'info');
  return createLogger({ service: 'stowage-worker', level, destination: { write: (line) => stderr.write(line) } });
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

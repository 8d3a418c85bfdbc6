import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { JobDescription } from './job.ts';
import { parseShard, wholeJob, type Shard } from './shard.ts';
import { UsageError } from './usage-error.ts';

/** What the worker was told to do. */
export type Command = HelpCommand | ListCommand | HistoryCommand | ForgetCommand | RunCommand;

export interface HelpCommand {
  readonly kind: 'help';
}

export interface ListCommand {
  readonly kind: 'list';
  readonly json: boolean;
}

export interface HistoryCommand {
  readonly kind: 'history';
  readonly job: string | undefined;
  readonly limit: number;
  readonly json: boolean;
}

export interface ForgetCommand {
  readonly kind: 'forget';
  /** Any name: a job that is run no more need not be in the catalog. */
  readonly job: string;
  readonly shards: readonly Shard[];
}

export interface RunCommand {
  readonly kind: 'run';
  readonly job: string;
  readonly shard: Shard;
  readonly dryRun: boolean;
  /** Most items this run may handle. */
  readonly limit: number | undefined;
  readonly json: boolean;
}

export interface CommandLineContext {
  readonly catalog: Readonly<Record<string, JobDescription>>;
  /** The index Kubernetes gives to each pod of an Indexed Job, for `--shards`. */
  readonly completionIndex: string | undefined;
}

const historyLines = 20;

const helpOption = { help: { type: 'boolean', short: 'h' } } as const;
const jsonOption = { json: { type: 'boolean' } } as const;
const limitOption = { limit: { type: 'string' } } as const;
const shardOptions = { shard: { type: 'string' }, shards: { type: 'string' } } as const;
const runOptions = {
  ...{ ...helpOption, ...jsonOption, ...limitOption, ...shardOptions },
  'dry-run': { type: 'boolean' },
} as const;

/**
 * Reads the arguments behind the program's name.
 * @throws {UsageError} saying what is wrong with them
 */
export function parseCommandLine(args: readonly string[], context: CommandLineContext): Command {
  const [first, ...rest] = args;
  if (first === undefined) throw new UsageError('Say what to run.');
  if (first === 'help' || first === '--help' || first === '-h') return { kind: 'help' };
  if (first === 'list') return parseList(rest);
  if (first === 'history') return parseHistory(rest, context);
  if (first === 'forget') return parseForget(rest);
  return parseRun(first, rest, context);
}

function parseList(args: readonly string[]): ListCommand | HelpCommand {
  const { values } = parse({ args, options: { ...helpOption, ...jsonOption } });
  return values.help ? { kind: 'help' } : { kind: 'list', json: values.json ?? false };
}

function parseHistory(args: readonly string[], context: CommandLineContext): HistoryCommand | HelpCommand {
  const options = { ...helpOption, ...jsonOption, ...limitOption };
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  const [job, surplus] = positionals;
  if (values.help) return { kind: 'help' };
  if (surplus !== undefined) throw new UsageError(`"${surplus}" is one name too many: history shows one job or all.`);
  if (job !== undefined) descriptionOf(job, context);
  return { kind: 'history', job, limit: parseLimit(values.limit) ?? historyLines, json: values.json ?? false };
}

function parseForget(args: readonly string[]): ForgetCommand | HelpCommand {
  const { values, positionals } = parse({ args, options: { ...helpOption, ...shardOptions }, allowPositionals: true });
  const [job, surplus] = positionals;
  if (values.help) return { kind: 'help' };
  if (job === undefined) throw new UsageError('Say which job to forget.');
  if (surplus !== undefined) throw new UsageError(`"${surplus}" is one name too many: one job is forgotten at a time.`);
  if (values.shards === undefined || values.shard !== undefined) {
    return { kind: 'forget', job, shards: [parseShards(values, undefined)] };
  }
  const { count } = checkShard(`0/${values.shards}`, `--shards "${values.shards}"`);
  return { kind: 'forget', job, shards: Array.from({ length: count }, (_, index) => ({ index, count })) };
}

function parseRun(job: string, args: readonly string[], context: CommandLineContext): RunCommand | HelpCommand {
  if (job.startsWith('-')) throw new UsageError(`Say what to run before "${job}".`);
  const { sharding } = descriptionOf(job, context);
  const { values } = parse({ args, options: runOptions });
  if (values.help) return { kind: 'help' };
  const shard = parseShards(values, context.completionIndex);
  if (sharding === 'whole' && shard.count > 1)
    throw new UsageError(`${job} is done by one process: it takes no shards.`);
  return {
    kind: 'run',
    job,
    shard,
    dryRun: values['dry-run'] ?? false,
    limit: parseLimit(values.limit),
    json: values.json ?? false,
  };
}

function descriptionOf(job: string, { catalog }: CommandLineContext): JobDescription {
  const description = Object.hasOwn(catalog, job) ? catalog[job] : undefined;
  if (description === undefined) {
    throw new UsageError(`There is no job "${job}". There are: ${Object.keys(catalog).join(', ')}.`);
  }
  return description;
}

function parseShards(
  { shard, shards }: { readonly shard?: string | undefined; readonly shards?: string | undefined },
  completionIndex: string | undefined,
): Shard {
  if (shard !== undefined && shards !== undefined) throw new UsageError('Give --shard or --shards, not both.');
  if (shards === undefined) return shard === undefined ? wholeJob : checkShard(shard, `--shard "${shard}"`);
  if (completionIndex === undefined || completionIndex === '') {
    throw new UsageError(
      '--shards takes the index from JOB_COMPLETION_INDEX, which is not set. Give --shard i/n instead.',
    );
  }
  const what = `--shards "${shards}" with JOB_COMPLETION_INDEX "${completionIndex}"`;
  return checkShard(`${completionIndex}/${shards}`, what);
}

function checkShard(text: string, what: string): Shard {
  const shard = parseShard(text);
  if (shard === undefined) throw new UsageError(`${what} is no shard: it reads i/n, with 0 ≤ i < n ≤ 1000.`);
  return shard;
}

function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(limit) || limit === 0) {
    throw new UsageError(`--limit "${text}" is no whole number above 0.`);
  }
  return limit;
}

/** `parseArgs`, whose complaints become ours. */
function parse<const T extends Omit<ParseArgsConfig, 'args'> & { readonly args: readonly string[] }>(config: T) {
  try {
    return parseArgs({ ...config, args: [...config.args] });
  } catch (error) {
    const complaint = complaintOf(error);
    if (complaint === undefined) throw error;
    throw new UsageError(complaint, { cause: error });
  }
}

/** The first sentence of what `parseArgs` throws; what follows explains how to escape hyphens. */
function complaintOf(error: unknown): string | undefined {
  // Looks rather than asks `instanceof`: under Jest an error of Node's own comes from another realm than this file.
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return undefined;
  const { code, message } = error;
  if (!String(code).startsWith('ERR_PARSE_ARGS_')) return undefined;
  return `${String(message).split('. ', 1)[0] ?? ''}.`.replace(/\.\.$/, '.');
}

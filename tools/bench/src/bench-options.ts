import { parseArgs } from 'node:util';
import type { Rounds } from './pair.ts';

export interface BenchOptions {
  /** Names of the loads to run; empty for all. */
  readonly only: readonly string[];
  readonly rounds: Rounds;
  /** Keys of the large bucket. */
  readonly manyKeys: number;
  /** Whether a missed budget makes the exit code 1. */
  readonly check: boolean;
  /** Where the results are written as JSON. */
  readonly jsonFile: string;
  /** Holds the data of the run; thrown away before and after. */
  readonly directory: string;
}

const usage = `nx run bench:bench [-- --only LOAD,LOAD] [--quick | --full] [--check] [--json FILE]
  --only   these loads
  --quick  short rounds and 100,000 keys: for a look while working, not for a judgement
  --full   10 million keys
  --check  exit code 1 when a budget is missed
  --json   where the results go, dist/bench/results.json otherwise`;

/** @throws Error with the usage when an argument is unknown */
export function readOptions(args: readonly string[], loads: readonly string[]): BenchOptions {
  const values = parse(args);
  const only = (values.only ?? '').split(',').filter((name) => name !== '');
  const unknown = only.filter((name) => !loads.includes(name));
  if (unknown.length > 0) throw new Error(`There is no load ${unknown.join(', ')}. There are: ${loads.join(', ')}.`);
  const { quick = false, full = false, check = false } = values;
  if (quick && full) throw new Error(usage);
  return {
    ...{ only, check },
    rounds: quick
      ? { rounds: 3, roundMs: 1_000, connections: [16, 64] }
      : { rounds: 7, roundMs: 2_000, connections: [16, 64] },
    manyKeys: quick ? 100_000 : full ? 10_000_000 : 1_000_000,
    jsonFile: values.json ?? 'dist/bench/results.json',
    directory: '.local/bench',
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: args.map((arg) => arg.replace(/=true$/, '')), // Nx writes flags so
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean' },
        full: { type: 'boolean' },
        check: { type: 'boolean' },
        json: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : ''}\n${usage}`, { cause: error });
  }
}

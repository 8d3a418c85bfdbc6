import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { readPeakResidentBytes } from './process-usage.ts';

/** A run of a job, in as many processes as there are shards. */
export interface JobMeasurement {
  /** By outcome, over all shards. */
  readonly counts: Readonly<Record<string, number>>;
  /** From the start of the first process to the end of the last. */
  readonly seconds: number;
  /** The most memory in RAM that one process had. */
  readonly peakBytes: number;
}

const LOOK_EVERY_MS = 50;
/** What the worker's README says for little memory. */
const NODE_FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=64'];
const resultShape = z.object({ complete: z.literal(true), counts: z.record(z.string(), z.number()) });

/** Runs the bundled worker, its log thrown away. Rejects when a shard does not complete its work. */
export async function runJob(
  job: string,
  shards: number,
  environment: Readonly<Record<string, string>>,
): Promise<JobMeasurement> {
  const startedAt = performance.now();
  const runs = Array.from({ length: shards }, (_, index) =>
    runShard([job, '--shard', `${index}/${shards}`], environment),
  );
  const results = await Promise.all(runs);
  const counts: Record<string, number> = {};
  for (const result of results)
    for (const [outcome, count] of Object.entries(result.counts)) counts[outcome] = (counts[outcome] ?? 0) + count;
  const peakBytes = Math.max(...results.map((result) => result.peakBytes));
  return { counts, seconds: (performance.now() - startedAt) / 1_000, peakBytes };
}

async function runShard(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Pick<JobMeasurement, 'counts' | 'peakBytes'>> {
  const child = spawn(process.execPath, [...NODE_FLAGS, 'dist/apps/worker/main.js', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...environment },
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const [output, peakBytes, [code]] = await Promise.all([text(child.stdout), watchPeak(child), exited]);
  if (code !== 0) throw new Error(`The worker ended with code ${String(code)}`);
  return { ...resultShape.parse(JSON.parse(output)), peakBytes };
}

/** The peak as of the last look before it ended. */
async function watchPeak(child: ChildProcess): Promise<number> {
  let peakBytes = 0;
  while (child.exitCode === null && child.signalCode === null) {
    // An ended process that was not waited for yet has no memory to tell of.
    try {
      peakBytes = readPeakResidentBytes(child.pid ?? 0);
    } catch {
      break;
    }
    await delay(LOOK_EVERY_MS);
  }
  return peakBytes;
}

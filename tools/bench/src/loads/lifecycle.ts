import { setTimeout as delay } from 'node:timers/promises';
import { startApi, type ApiProcess } from '../api-process.ts';
import type { Bench, Load } from '../bench.ts';
import { runLoad, type LoadResult } from '../load-client.ts';
import type { Row } from '../row.ts';
import { toSpread } from '../statistics.ts';

const STARTS = 5;
const MOST_START_MS = 3_000;
const DRAIN_MS = 3_000;
const PROBE_EVERY_MS = 100;

/** From start to ready, and from SIGTERM under load to the end. */
export const lifecycle: Load = async (bench) => [await measureStart(bench), await terminateUnderLoad(bench)];

async function measureStart({ environment }: Bench): Promise<Row> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await using api = await startApi(environment);
    times.push(api.startMs);
  }
  const { median, least, most } = toSpread(times);
  return {
    work: 'start until ready',
    ...{ floor: '–', subject: `${Math.round(median)} ms`, ratio: `${Math.round(least)}–${Math.round(most)}` },
    budget: `≤ ${MOST_START_MS} ms`,
    passes: median <= MOST_START_MS,
    figures: { median, least, most },
  };
}

/** Sends as a load balancer does: until readiness is no longer answered. Whatever was sent must be answered. */
async function terminateUnderLoad({ environment, account, bucket }: Bench): Promise<Row> {
  await using api = await startApi({ ...environment, DRAIN_MS: String(DRAIN_MS) });
  const body = Buffer.alloc(10 * 1024, 't');
  await account.putObject(bucket, 'drained', body);
  const path = `/v1/buckets/${bucket}/objects/drained`;
  const headers = account.authorization;
  const outOfRotation = watchReadiness(api);
  let sent = 0;
  const next = () => {
    sent += 1;
    const read = { method: 'GET' as const, path, headers, content: body };
    return sent % 8 === 0 ? { method: 'PUT' as const, path, headers, body, statuses: [200, 201] } : read;
  };
  const load = runLoad({ port: api.port, connections: 16, isOver: outOfRotation, next });
  load.catch(() => undefined); // looked at below
  await delay(1_000);
  const code = await api.terminate();
  return toTerminationRow(await load.catch((error: unknown) => error), code);
}

function watchReadiness({ operationsPort }: ApiProcess): () => boolean {
  let isOver = false;
  const probe = async (): Promise<void> => {
    while (!isOver) {
      const answer = await fetch(`http://127.0.0.1:${operationsPort}/readyz`).catch(() => undefined);
      if (answer?.ok !== true) isOver = true;
      await delay(PROBE_EVERY_MS);
    }
  };
  void probe();
  return () => isOver;
}

function toTerminationRow(outcome: unknown, code: number | null): Row {
  const failure = outcome instanceof Error ? outcome.message : undefined;
  const requests = failure === undefined ? (outcome as LoadResult).requests : 0;
  return {
    work: 'SIGTERM under load',
    floor: '–',
    subject: failure ?? `${requests} requests answered, exit code ${String(code)}`,
    ratio: failure === undefined ? '0 failed' : 'failed',
    budget: '0 failed',
    passes: failure === undefined && code === 0,
    figures: { requests, exitCode: code ?? -1 },
  };
}

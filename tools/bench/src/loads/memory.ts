import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startApi } from '../api-process.ts';
import type { BenchAccount } from '../bench-account.ts';
import type { Load } from '../bench.ts';
import { after, runLoad, type LoadRequest } from '../load-client.ts';
import { readPeakResidentBytes, readResidentBytes, resetPeak } from '../process-usage.ts';
import type { Row } from '../row.ts';

const MIB = 1024 ** 2;
const LARGE_BYTES = 1024 * MIB;
const CHUNK_BYTES = 64 * 1024;
const SETTLE_MS = 3_000;

/** Memory in RAM of a process that does nothing, of one under load, and what one large object adds. */
export const memory: Load = async ({ environment, account: ofBench, bucket, options }) => {
  await using api = await startApi(environment);
  const account = ofBench.at(api.port);
  await delay(SETTLE_MS);
  const idle = readResidentBytes(api.pid);
  resetPeak(api.pid);
  const { port, pid } = api;
  await runLoad({
    port,
    connections: 64,
    isOver: after(options.rounds.roundMs * 4),
    next: mixedRequests(account, bucket),
  });
  const loaded = readPeakResidentBytes(pid);
  const uploadAdds = await growth(pid, () => uploadLarge(account, bucket));
  const downloadAdds = await growth(pid, () => downloadLarge(account, bucket));
  return [
    toRow('idle', idle, 150),
    toRow('loaded, 64 connections', loaded, 250),
    toRow('1 GiB up adds', uploadAdds, 64),
    toRow('1 GiB down adds', downloadAdds, 64),
  ];
};

function toRow(work: string, bytes: number, mostMib: number): Row {
  const mib = Math.round(bytes / MIB);
  return {
    work: `memory: ${work}`,
    ...{ floor: '–', subject: `${mib} MiB`, ratio: '–', budget: `≤ ${mostMib} MiB` },
    passes: mib <= mostMib,
    figures: { bytes },
  };
}

async function growth(pid: number, work: () => Promise<void>): Promise<number> {
  const before = readResidentBytes(pid);
  resetPeak(pid);
  await work();
  return readPeakResidentBytes(pid) - before;
}

/** Small uploads, downloads, metadata and lists in turn. */
function mixedRequests(account: BenchAccount, bucket: string): () => LoadRequest {
  const headers = account.authorization;
  const body = Buffer.alloc(10 * 1024, 'm');
  const objects = `/v1/buckets/${bucket}/objects`;
  let at = 0;
  return () => {
    at += 1;
    const path = `${objects}/mixed/${Math.floor(at / 4)}`;
    if (at < 256 || at % 4 === 0)
      return { method: 'PUT', path: `${objects}/mixed/${at}`, headers, body, statuses: [200, 201] };
    if (at % 4 === 1) return { method: 'GET', path, headers, statuses: [200, 404] };
    if (at % 4 === 2) return { method: 'HEAD', path, headers, statuses: [200, 404] };
    return { method: 'GET', path: `${objects}?limit=100`, headers };
  };
}

async function uploadLarge(account: BenchAccount, bucket: string): Promise<void> {
  const chunk = Buffer.alloc(CHUNK_BYTES, 'stowage ');
  const chunks = function* (): Generator<Uint8Array> {
    for (let sent = 0; sent < LARGE_BYTES; sent += CHUNK_BYTES) yield chunk;
  };
  await account.send('PUT', `/v1/buckets/${bucket}/objects/huge.bin`, ReadableStream.from(chunks()));
}

async function downloadLarge(account: BenchAccount, bucket: string): Promise<void> {
  const response = await account.send('GET', `/v1/buckets/${bucket}/objects/huge.bin`);
  const hash = createHash('sha256');
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) hash.update(chunk);
  const digest = `sha-256=:${hash.digest('base64')}:`;
  if (response.headers.get('repr-digest') !== digest) throw new Error('1 GiB came back as other bytes');
}

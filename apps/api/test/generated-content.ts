import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

const chunkBytes = 256 * 1024;

export interface Transfer {
  readonly url: string;
  readonly token: string;
}

/** Begins a request; the caller sends its body and awaits its answer. */
export function open(
  method: 'GET' | 'PUT',
  { url, token }: Transfer,
  headers: Record<string, number> = {},
): ClientRequest {
  return request(url, { method, agent: false, headers: { authorization: `Bearer ${token}`, ...headers } });
}

/** Resolves when the answer begins. */
export async function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

/** Uploads bytes made on the way, each chunk another. @returns their SHA-256, and the one the API answered */
export async function uploadGenerated(to: Transfer, sizeBytes: number): Promise<{ sent: string; stored: string }> {
  const hash = createHash('sha256');
  const put = open('PUT', to, { 'content-length': sizeBytes });
  const answer = answerOf(put);
  await pipeline(Readable.from(generate(sizeBytes, (chunk) => hash.update(chunk))), put);
  const { sha256 } = (await json(await answer)) as { sha256: string };
  return { sent: hash.digest('hex'), stored: sha256 };
}

export async function downloadHash(from: Transfer): Promise<string> {
  const get = open('GET', from).end();
  return hashOf(await answerOf(get));
}

export async function hashOf(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(content, hash);
  return hash.digest('hex');
}

function* generate(sizeBytes: number, onChunk: (chunk: Buffer) => void): Generator<Buffer> {
  const pattern = randomBytes(chunkBytes);
  for (let sentBytes = 0; sentBytes < sizeBytes; sentBytes += chunkBytes) {
    const chunk = Buffer.from(pattern.subarray(0, Math.min(chunkBytes, sizeBytes - sentBytes)));
    if (chunk.length >= 8) chunk.writeDoubleBE(sentBytes);
    onChunk(chunk);
    yield chunk;
  }
}

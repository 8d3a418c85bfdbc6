import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';

/** Not a power of two, so that no part or chunk size divides it and a swap of chunks is noticed. */
const BLOCK = randomBytes(1_000_003);

/** Bytes that look random; equal for equal sizes. */
export function testBytes(sizeBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  for (let start = 0; start < sizeBytes; start += BLOCK.length) BLOCK.copy(bytes, start);
  return bytes;
}

/** Yields the bytes in chunks, as a socket would. */
export async function* bodyOf(bytes: Uint8Array, chunkBytes = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
}

/** Yields the bytes, then neither ends nor yields any more; `reached` resolves when it is asked for more. */
export function hangingBody(bytes: Uint8Array): {
  readonly body: AsyncIterable<Uint8Array>;
  readonly reached: Promise<void>;
} {
  const { promise: reached, resolve } = Promise.withResolvers<undefined>();
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* bodyOf(bytes);
    resolve(undefined);
    await new Promise(() => undefined);
  }
  return { body: body(), reached };
}

/** Yields the bytes, then fails. */
export async function* failingBody(bytes: Uint8Array, error: Error): AsyncGenerator<Uint8Array> {
  yield* bodyOf(bytes);
  throw error;
}

export async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function collectAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function sha256Of(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  if (body instanceof Uint8Array) hash.update(body);
  else for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}

/** Open files and sockets of this process. Linux only. */
export async function countDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}

/** Waits for what no event tells, such as a socket being closed by the kernel; false when it does not come in a minute. */
export async function eventually(isTrue: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

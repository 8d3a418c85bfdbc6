import type { Request } from 'express';
import { UploadTooSlowError } from './http-errors.ts';

const leastBytes = 32 * 1024;
const windowSeconds = 30;

/**
 * The body of a request. Waits for the client at most 30 s for each 32 KiB: an honest slow upload lives, and one that
 * drips does not hold its connection. The store's own slowness does not count. Ending early leaves the connection open
 * and the rest of the body to be read by others, so that the refusal can still be answered.
 * @throws UploadTooSlowError
 */
export async function* bodyStream(req: Request): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = req.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  let waitedMs = 0;
  let received = 0;
  try {
    for (;;) {
      const askedAt = performance.now();
      const next = await withinMs(chunks.next(), windowSeconds * 1000 - waitedMs);
      if (next.done === true) return;
      waitedMs += performance.now() - askedAt;
      received += next.value.length;
      if (received >= leastBytes) {
        waitedMs = 0;
        received = 0;
      }
      yield next.value;
    }
  } finally {
    // Takes its listeners off the request. Not awaited: it waits for a chunk that is still asked for.
    void chunks.return?.().catch(() => undefined);
  }
}

async function withinMs<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new UploadTooSlowError(leastBytes, windowSeconds)), Math.max(ms, 0));
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}

import type { Readable } from 'node:stream';

import { abortReason } from './abort-reason.ts';

/** Destroys the stream with the signal's reason; forgets the signal once the stream is closed. */
export function destroyOnAbort(stream: Readable, signal: AbortSignal | undefined): Readable {
  if (signal === undefined) return stream;
  const onAbort = (): void => void stream.destroy(abortReason(signal));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', onAbort));
  return stream;
}

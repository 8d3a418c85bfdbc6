import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { abortReason } from './abort-reason.ts';
import { createReleasingAgents } from './s3-agents.ts';
import type { S3Settings } from './s3-options.ts';
import { DeadlineError, translateS3Error, type S3RequestSubject } from './translate-s3-error.ts';

const QUIET = { debug: noop, info: noop, warn: noop, error: noop, trace: noop };

/** What the SDK takes beside a command. */
export interface SendOptions {
  readonly abortSignal: AbortSignal;
  readonly requestTimeout: number;
}

export interface S3Request extends S3RequestSubject {
  /** The caller's; a request stopped by it rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes the request carries, for which it is given more time. */
  readonly bytes?: number;
  /** Instead of the attempt and the total deadline of the store. */
  readonly deadlineMs?: number;
}

/** The clients of one bucket, and the one way in which requests are sent: with deadlines and with our errors. */
export class S3Connection implements Disposable {
  readonly bucket: string;
  /** Sends a CRC32 with each body and checks those of answers. */
  readonly client: S3Client;
  /**
   * Sends and asks for no checksum the caller has not given: presigned with the other client, a URL would carry the
   * checksum of an empty body.
   */
  readonly plainClient: S3Client;
  /** For bodies that are read. Its connections are apart: a slow reader holds one, and must not hold up a write. */
  readonly readClient: S3Client;
  readonly #settings: S3Settings;

  constructor(settings: S3Settings) {
    this.#settings = settings;
    this.bucket = settings.bucket;
    const config = toClientConfig(settings);
    this.client = new S3Client(config);
    this.readClient = new S3Client({ ...config, requestHandler: toRequestHandler(settings, settings.maxReads) });
    this.plainClient = new S3Client({
      ...config,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /** Sends a request whose answer has no streamed body. */
  async send<T>(request: S3Request, perform: (options: SendOptions) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    return this.sendStoppable(request, { stop, perform });
  }

  /** As `send`, but aborting `stop` afterwards still ends the body of the answer. */
  async sendStoppable<T>(
    request: S3Request,
    { stop, perform }: { readonly stop: AbortController; readonly perform: (options: SendOptions) => Promise<T> },
  ): Promise<T> {
    const { signal } = request;
    signal?.throwIfAborted();
    const { attemptMs, totalMs } = this.#limits(request);
    const onAbort = (): void => stop.abort(signal?.reason);
    const timer = setTimeout(() => stop.abort(new DeadlineError(`Not done within ${totalMs} ms.`)), totalMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await untilAborted(stop.signal, perform({ abortSignal: stop.signal, requestTimeout: attemptMs }));
    } catch (error) {
      throw signal?.aborted === true ? abortReason(signal) : translateS3Error(error, request);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Closes the connections, also those in use. */
  [Symbol.dispose](): void {
    this.client.destroy();
    this.plainClient.destroy();
    this.readClient.destroy();
  }

  #limits({ bytes = 0, deadlineMs }: S3Request): { readonly attemptMs: number; readonly totalMs: number } {
    if (deadlineMs !== undefined) return { attemptMs: deadlineMs, totalMs: deadlineMs };
    const { deadlines, minBytesPerSecond, maxAttempts } = this.#settings;
    const transferMs = Math.ceil((bytes / minBytesPerSecond) * 1_000);
    return { attemptMs: deadlines.attemptMs + transferMs, totalMs: deadlines.totalMs + maxAttempts * transferMs };
  }
}

/** The SDK sleeps between attempts without looking at the signal. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function toClientConfig(settings: S3Settings): S3ClientConfig {
  const { region, endpoint, credentials, maxSockets } = settings;
  return {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    forcePathStyle: settings.forcePathStyle ?? false,
    maxAttempts: settings.maxAttempts,
    // A body waiting for "100 Continue" would open a connection of its own, outside the pool, for every part.
    expectContinueHeader: false,
    requestHandler: toRequestHandler(settings, maxSockets),
  };
}

function toRequestHandler({ deadlines }: S3Settings, maxSockets: number): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: deadlines.connectMs,
    requestTimeout: deadlines.attemptMs,
    throwOnRequestTimeout: true, // without it the SDK only logs a warning and goes on waiting
    ...createReleasingAgents({ maxSockets }),
    logger: QUIET,
  });
}

function noop(): void {
  // The library prints nothing.
}

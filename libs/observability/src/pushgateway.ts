import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Registry } from 'prom-client';

/** Labels that name a group of series in the gateway: `job` and further ones that do not change from run to run. */
export type PushGrouping = { readonly job: string } & Readonly<Record<string, string>>;

/** Options of {@link Pushgateway}. */
export interface PushgatewayOptions {
  /** Address of the gateway, such as `http://pushgateway:9091`, with the path that it may be served under. */
  readonly url: string;
  /**
   * The group that is pushed to. Never a pod or the id of a run: the gateway forgets nothing by itself.
   * Any value is sent as it is, also one with slashes.
   */
  readonly grouping: PushGrouping;
  /**
   * Most time that a request takes, all of it, in milliseconds.
   * @default 2000
   */
  readonly timeoutMs?: number;
}

/** Why a request failed: no answer in time; an answer other than 200 and 202; anything else, mostly no connection. */
export type PushFailureReason = 'timeout' | 'rejected' | 'failed';

/** What became of a request to the gateway: something to count and to log, never something to fail for. */
export type PushResult =
  { readonly ok: true } | { readonly ok: false; readonly reason: PushFailureReason; readonly error: unknown };

/** A grouping that Prometheus could not keep: the name of a label is none, or its value is empty. */
export class InvalidGroupingError extends Error {
  constructor(label: string, message: string) {
    super(`grouping label ${JSON.stringify(label)}: ${message}`);
    this.name = 'InvalidGroupingError';
  }
}

const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Values that mean the same in a path as out of it. `..` does not, and a slash is answered with 301. */
const PLAIN_VALUE = /^[a-zA-Z0-9_-]+$/;
const ACCEPTED = new Set([200, 202]);
/** Of an answer that says what is wrong. */
const MOST_ANSWER_BYTES = 1_000;

/**
 * A Prometheus Pushgateway, for jobs that are over before anybody scrapes them. It takes the text of a prom-client
 * registry, which should hold what the job is about and nothing else: the metrics of a process that has ended would stay
 * for ever.
 *
 * prom-client's own Pushgateway is not used: it takes a redirect for success, its timeout does not cover an answer that
 * drips, and after an answer that is cut off its promise stays pending for ever, whatever the deadline.
 */
export class Pushgateway {
  readonly #url: string;
  readonly #timeoutMs: number;

  /** @throws InvalidGroupingError when Prometheus could not keep the grouping */
  constructor({ url, grouping, timeoutMs = 2_000 }: PushgatewayOptions) {
    const { job, ...others } = grouping;
    const segments = [['job', job] as const, ...Object.entries(others)].map(groupingSegment);
    this.#url = `${url.replace(/\/+$/, '')}/metrics/${segments.join('/')}`;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Replaces the metrics of the registry in the group and keeps those of other names, so that a run which failed leaves
   * the time of the last success as it is.
   */
  push(registry: Registry): Promise<PushResult> {
    return this.#send('POST', registry);
  }

  /** Deletes the group, when its job is run no more. */
  decommission(): Promise<PushResult> {
    return this.#send('DELETE');
  }

  async #send(method: 'POST' | 'DELETE', registry?: Registry): Promise<PushResult> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    try {
      const body = await registry?.metrics();
      const response = await this.#request({ method, signal, body, contentType: registry?.contentType });
      if (!ACCEPTED.has(response.statusCode ?? 0)) return await rejection(response);
      response.destroy(); // the rest of it is empty, or of no interest
      return { ok: true };
    } catch (error) {
      return signal.aborted
        ? { ok: false, reason: 'timeout', error: signal.reason }
        : { ok: false, reason: 'failed', error };
    }
  }

  /** Not by `fetch`: that goes on connecting for ten seconds after it was aborted, and the process cannot end. */
  async #request({ method, signal, body, contentType }: GatewayRequest): Promise<IncomingMessage> {
    const send = this.#url.startsWith('https:') ? requestHttps : requestHttp;
    const headers = contentType === undefined ? {} : { 'Content-Type': contentType };
    const request = send(this.#url, { method, signal, headers, agent: false });
    // Also for what comes after the answer: `once` listens no longer then.
    request.on('error', () => undefined);
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  }
}

interface GatewayRequest {
  readonly method: 'POST' | 'DELETE';
  readonly signal: AbortSignal;
  readonly body: string | undefined;
  readonly contentType: string | undefined;
}

function groupingSegment([label, value]: readonly [string, string]): string {
  if (!LABEL_NAME.test(label)) throw new InvalidGroupingError(label, 'not a name that Prometheus takes');
  if (value === '') throw new InvalidGroupingError(label, 'an empty value is the same as no label');
  if (PLAIN_VALUE.test(value)) return `${label}/${value}`;
  return `${label}@base64/${Buffer.from(value).toString('base64url')}`;
}

async function rejection(response: IncomingMessage): Promise<PushResult> {
  const text = await beginning(response);
  const error = new Error(`the gateway answered ${String(response.statusCode)}: ${text}`.trim());
  return { ok: false, reason: 'rejected', error };
}

/** The first bytes of an answer, as text. */
async function beginning(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early destroys the stream.
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= MOST_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, Math.min(length, MOST_ANSWER_BYTES)).trim();
}

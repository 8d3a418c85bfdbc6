import { ReportNotStoredError } from './report-sla-errors.ts';
import type { ReportStore, StoredReport } from './report-store.ts';

export interface ApiReportStoreOptions {
  /** Origin of the API. */
  readonly url: string;
  readonly bucket: string;
  /** An access token that may write there. */
  readonly token: string;
}

interface ApiRequest {
  readonly method: 'HEAD' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

const deadlineMs = 30_000;

/** Keeps reports as objects, through the API like everybody: nothing else writes objects. */
export class ApiReportStore implements ReportStore {
  readonly #bucketUrl: string;
  readonly #token: string;

  constructor({ url, bucket, token }: ApiReportStoreOptions) {
    this.#bucketUrl = `${url.replace(/\/+$/, '')}/v1/buckets/${encodeURIComponent(bucket)}/objects`;
    this.#token = token;
  }

  async has(name: string, signal: AbortSignal): Promise<boolean> {
    const { ok, status } = await this.#send(name, { method: 'HEAD', signal });
    if (ok) return true;
    // It may be the bucket that is missing; then storing says so.
    if (status === 404) return false;
    throw new ReportNotStoredError(`the API answered ${status} to the question for ${name}`);
  }

  async put({ name, contentType, text }: StoredReport, signal: AbortSignal): Promise<'written' | 'existing'> {
    // RFC 9110 §13.1.2: `*` lets the request through only where nothing is yet.
    const headers = { 'Content-Type': contentType, 'If-None-Match': '*' };
    const response = await this.#send(name, { method: 'PUT', headers, body: text, signal });
    const answer = await response.text();
    if (response.ok) return 'written';
    if (response.status === 412) return 'existing';
    throw new ReportNotStoredError(`the API answered ${response.status} to ${name}: ${answer.slice(0, 500)}`);
  }

  async #send(name: string, { signal, headers, ...request }: ApiRequest): Promise<Response> {
    try {
      return await fetch(`${this.#bucketUrl}/${name}`, {
        ...request,
        headers: { ...headers, Authorization: `Bearer ${this.#token}` },
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
      });
    } catch (cause) {
      signal.throwIfAborted();
      throw new ReportNotStoredError(`the API could not be asked for ${name}`, { cause });
    }
  }
}

import { z } from 'zod';
import { TrafficUnavailableError } from './report-sla-errors.ts';
import type { TrafficReader } from './traffic-reader.ts';
import { addTraffic, noTraffic, type RouteTraffic, type Traffic } from './traffic.ts';

export interface PrometheusTrafficReaderOptions {
  /** Address of Prometheus. */
  readonly url: string;
  /** Label `job` of the API's targets. */
  readonly job: string;
}

const deadlineMs = 60_000;
const dayMs = 24 * 60 * 60 * 1000;
const minuteSeconds = 60;

const sampleValue = z.tuple([z.number(), z.string()]);
const labels = z.object({ method: z.string(), route: z.string() });
const requestsAnswer = answerOf(z.object({ metric: labels.extend({ code: z.string() }), value: sampleValue }));
const bucketsAnswer = answerOf(z.object({ metric: labels.extend({ le: z.string() }), value: sampleValue }));
const minutesAnswer = answerOf(z.object({ values: z.array(sampleValue) }));

/** Asks a Prometheus that scrapes the API, a day at a time: a month of every series would be more than it loads at once. */
export class PrometheusTrafficReader implements TrafficReader {
  readonly #url: string;
  readonly #selector: string;

  constructor({ url, job }: PrometheusTrafficReaderOptions) {
    this.#url = url.replace(/\/+$/, '');
    this.#selector = `job=${JSON.stringify(job)}`;
  }

  async readDay(dayEnd: Date, signal: AbortSignal): Promise<Traffic> {
    const at = { time: dayEnd.toISOString() };
    const selector = this.#selector;
    const requests = `sum by (method, route, code) (increase(http_requests_total{${selector}}[1d]))`;
    const buckets = `sum by (method, route, le) (increase(http_request_duration_seconds_bucket{${selector}}[1d]))`;
    const [counted, timed] = await Promise.all([
      this.#ask('query', { query: requests, ...at }, signal).then((answer) => read(requestsAnswer, answer)),
      this.#ask('query', { query: buckets, ...at }, signal).then((answer) => read(bucketsAnswer, answer)),
    ]);
    const parts = [
      ...counted.map(({ metric: { code, ...route }, value: [, value] }) => {
        const count = Number(value);
        return { ...route, requests: count, serverErrors: code.startsWith('5') ? count : 0, buckets: {} };
      }),
      ...timed.map(({ metric: { le, ...route }, value: [, value] }) => ({
        ...route,
        ...{ requests: 0, serverErrors: 0, buckets: { [boundOf(le)]: Number(value) } },
      })),
    ];
    return { ...addRoutes(parts), coveredMinutes: await this.#countMinutes(dayEnd, signal) };
  }

  /** The minutes in which a process of the API was scraped. */
  async #countMinutes(dayEnd: Date, signal: AbortSignal): Promise<number> {
    // Not all of the minute, as Prometheus 2 counts a sample on its first moment to it, and Prometheus 3 does not.
    const query = `sum(sum_over_time(up{${this.#selector}}[59s999ms])) > 0`;
    const start = new Date(dayEnd.getTime() - dayMs + minuteSeconds * 1000).toISOString();
    const range = { query, start, end: dayEnd.toISOString(), step: String(minuteSeconds) };
    const [series] = read(minutesAnswer, await this.#ask('query_range', range, signal));
    return series?.values.length ?? 0;
  }

  async #ask(
    api: 'query' | 'query_range',
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<unknown> {
    try {
      const response = await fetch(`${this.#url}/api/v1/${api}`, {
        method: 'POST',
        body: new URLSearchParams(parameters),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
      });
      return await response.json();
    } catch (cause) {
      signal.throwIfAborted();
      throw new TrafficUnavailableError('Prometheus did not answer', { cause });
    }
  }
}

function answerOf<Series extends z.ZodObject>(series: Series) {
  return z.object({ status: z.literal('success'), data: z.object({ result: z.array(series) }) });
}

function read<Series extends z.ZodObject>(
  shape: ReturnType<typeof answerOf<Series>>,
  answer: unknown,
): readonly z.output<Series>[] {
  const result = shape.safeParse(answer);
  if (result.success) return result.data.data.result;
  const said = z.object({ error: z.string() }).safeParse(answer).data?.error;
  throw new TrafficUnavailableError(`Prometheus answered something else: ${said ?? result.error.message}`);
}

function addRoutes(parts: readonly RouteTraffic[]): Traffic {
  return parts.reduce((sum, route) => addTraffic(sum, { coveredMinutes: 0, routes: [route] }), noTraffic);
}

/** One spelling: Prometheus 3 writes `1.0` where Prometheus 2 writes `1`. */
function boundOf(le: string): string {
  return le === '+Inf' ? 'Infinity' : String(Number(le));
}

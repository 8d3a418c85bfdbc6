import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ServerProgram } from './server-program.ts';

const POLL_MS = 100;
const DEADLINE_MS = 120_000;

/** Options of {@link PrometheusProcess.start}. */
export interface PrometheusProcessOptions {
  /**
   * Addresses to scrape each second, by the name of the scrape job. Labels that the target sends win, as a Pushgateway
   * needs it.
   * @default none
   */
  readonly targets?: Readonly<Record<string, string>>;
  /**
   * Directory with blocks that it starts with; it stays. `promtool tsdb create-blocks-from` makes them.
   * @default an empty one, deleted at the end
   */
  readonly dataDirectory?: string;
}

/** One series of an instant query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: readonly [number, string] }[];
  };
}

/** A real Prometheus of the test's own. It scrapes for the first time five seconds after its start: one serves a file. */
export class PrometheusProcess implements AsyncDisposable {
  readonly #directory: string;
  readonly #program: ServerProgram;

  private constructor(directory: string, program: ServerProgram) {
    this.#directory = directory;
    this.#program = program;
  }

  /**
   * Resolves when it answers queries.
   * @param executable path of `prometheus`, `TEST_PROMETHEUS` in the integration tests
   */
  static async start(executable: string, options: PrometheusProcessOptions = {}): Promise<PrometheusProcess> {
    const directory = await mkdtemp(join(tmpdir(), 'prometheus-'));
    const file = join(directory, 'prometheus.json'); // JSON is YAML
    await writeFile(file, JSON.stringify(configuration(options.targets ?? {})));
    const program = await ServerProgram.start(executable, [
      `--config.file=${file}`,
      `--storage.tsdb.path=${options.dataDirectory ?? join(directory, 'data')}`,
      '--storage.tsdb.retention.time=10y', // blocks of the past are not deleted
      '--web.listen-address=127.0.0.1:0',
    ]);
    const prometheus = new PrometheusProcess(directory, program);
    await poll(async () => ((await fetch(`${prometheus.url}/-/ready`)).ok ? true : undefined), 'to be ready');
    return prometheus;
  }

  get url(): string {
    return `http://${this.#program.address}`;
  }

  /**
   * The answer to an instant query; comparisons filter.
   * @param at when the query is asked as of @default now
   */
  async query(expression: string, at?: Date): Promise<readonly Sample[]> {
    const parameters = new URLSearchParams({ query: expression, ...(at && { time: at.toISOString() }) });
    const response = await fetch(`${this.url}/api/v1/query`, { method: 'POST', body: parameters });
    const { status, error, data } = (await response.json()) as QueryAnswer;
    if (status !== 'success') throw new Error(`${expression}: ${error ?? status}`);
    return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  /**
   * The first answer to a query that has any series.
   * @throws Error when it has none for two minutes
   */
  untilSeries(expression: string): Promise<readonly Sample[]> {
    return poll(async () => {
      const samples = await this.query(expression);
      return samples.length > 0 ? samples : undefined;
    }, `to know ${expression}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.end('SIGKILL');
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function configuration(targets: Readonly<Record<string, string>>): object {
  const jobs = Object.entries(targets).map(([name, url]) => ({
    job_name: name,
    honor_labels: true,
    static_configs: [{ targets: [new URL(url).host] }],
  }));
  return { global: { scrape_interval: '1s', evaluation_interval: '1s' }, scrape_configs: jobs };
}

async function poll<Answer>(ask: () => Promise<Answer | undefined>, what: string): Promise<Answer> {
  const deadline = performance.now() + DEADLINE_MS;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(POLL_MS);
  }
  throw new Error(`waited ${DEADLINE_MS / 1_000} s for Prometheus ${what}`);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProgram } from './server-program.ts';

/** Options of {@link PushgatewayProcess.start}. */
export interface PushgatewayProcessOptions {
  /**
   * Whether it writes what it holds to a file when it is stopped, and reads that when it is started.
   * @default false
   */
  readonly persistent?: boolean;
}

/** A group that the gateway holds. */
export interface PushedGroup {
  readonly labels: Readonly<Record<string, string>>;
  /** Names of its metrics. */
  readonly metrics: readonly string[];
}

/** A real Pushgateway of the test's own, on a port that stays the same over restarts. */
export class PushgatewayProcess implements AsyncDisposable {
  readonly #executable: string;
  readonly #directory: string;
  readonly #persistenceFile: string;
  #program: ServerProgram;

  private constructor(start: { executable: string; directory: string; file: string; program: ServerProgram }) {
    this.#executable = start.executable;
    this.#directory = start.directory;
    this.#persistenceFile = start.file;
    this.#program = start.program;
  }

  /**
   * Resolves when it answers.
   * @param executable path of `pushgateway`, `TEST_PUSHGATEWAY` in the integration tests
   */
  static async start(executable: string, options: PushgatewayProcessOptions = {}): Promise<PushgatewayProcess> {
    const directory = await mkdtemp(join(tmpdir(), 'pushgateway-'));
    const file = options.persistent === true ? join(directory, 'metrics') : '';
    const program = await ServerProgram.start(executable, flags('127.0.0.1:0', file));
    return new PushgatewayProcess({ executable, directory, file, program });
  }

  get url(): string {
    return `http://${this.#program.address}`;
  }

  /** What it holds now. */
  async groups(): Promise<readonly PushedGroup[]> {
    const response = await fetch(`${this.url}/api/v1/metrics`);
    const { data } = (await response.json()) as { readonly data: readonly Readonly<Record<string, unknown>>[] };
    return data.map(({ labels, ...metrics }) => ({
      labels: labels as Record<string, string>,
      metrics: Object.keys(metrics).filter((name) => typeof metrics[name] === 'object'),
    }));
  }

  /** Ends it in order. */
  stop(): Promise<void> {
    return this.#program.end('SIGTERM');
  }

  /** Ends it as a crash does. */
  kill(): Promise<void> {
    return this.#program.end('SIGKILL');
  }

  /** Starts it again after {@link stop} or {@link kill}, at the same address. */
  async restart(): Promise<void> {
    await this.stop();
    this.#program = await ServerProgram.start(this.#executable, flags(this.#program.address, this.#persistenceFile));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function flags(address: string, file: string): readonly string[] {
  return [`--web.listen-address=${address}`, `--persistence.file=${file}`];
}

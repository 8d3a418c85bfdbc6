import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../../..');

/** Programs of `fixtures/`, bundled as `@nx/esbuild` does with `thirdParty: false` and `format: esm`. */
export class Bundle implements AsyncDisposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async of(...names: readonly string[]): Promise<Bundle> {
    await mkdir(join(ROOT, 'dist'), { recursive: true });
    // Below the workspace, where the packages left outside are found.
    const directory = await mkdtemp(join(ROOT, 'dist/observability-test-'));
    await promisify(execFile)(join(ROOT, 'node_modules/.bin/esbuild'), [
      ...names.map((name) => join(__dirname, 'fixtures', `${name}.ts`)),
      ...['--bundle', '--platform=node', '--format=esm', '--target=node24', '--packages=external'],
      ...['--out-extension:.js=.mjs', `--outdir=${directory}`, '--log-level=warning'],
    ]);
    return new Bundle(directory);
  }

  path(name: string): string {
    return join(this.#directory, `${name}.mjs`);
  }

  /** Runs `name` after its preloads. */
  run(name: string, options: { preload?: readonly string[]; env?: Record<string, string> } = {}): BundledProcess {
    const imports = (options.preload ?? []).flatMap((preload) => ['--import', this.path(preload)]);
    const child = spawn(process.execPath, [...imports, this.path(name)], {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new BundledProcess(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

export type LogLine = Record<string, unknown>;

/** A running program whose log lines can be awaited; killed when it is disposed of. */
export class BundledProcess implements AsyncDisposable {
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #waiting = new Set<() => void>();
  #stderr = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = once(child, 'close').then(() => this.#wake());
    if (!child.stdout || !child.stderr) throw new Error('the program has no output to read');
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as LogLine);
      this.#wake();
    });
    child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
  }

  get stderr(): string {
    return this.#stderr;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The first line with this message. */
  async line(message: string): Promise<LogLine> {
    for (;;) {
      const found = this.lines.find((line) => line.message === message);
      if (found) return found;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`ended without "${message}": ${this.#stderr}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** The exit code once it has ended and all output is read. */
  async exitCode(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

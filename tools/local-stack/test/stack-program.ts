import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { parseEnvFile } from '../src/env-file.ts';
import { waitForStack } from '../src/stack-readiness.ts';
import { stackFiles } from '../src/stack.ts';

export const WORKSPACE = join(__dirname, '../../..');
const PROGRAM = join(__dirname, '../src/serve-stack.ts');

/** A serving stack in a directory of its own, run as a program. */
export class StackProgram {
  readonly directory: string;
  readonly child: ChildProcess;
  /** Its exit code and all that it printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly printed: string }>;

  constructor(directory: string, environment: Readonly<Record<string, string | undefined>> = {}) {
    this.directory = directory;
    const env = { ...process.env, DATABASE_URL: undefined, REDIS_URL: undefined, ...environment };
    this.child = spawn(process.execPath, [PROGRAM, directory], {
      cwd: WORKSPACE,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    this.child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    this.ended = once(this.child, 'close').then(([code]) => ({ code: code as number | null, printed }));
  }

  /** Waits until the stack is up and answers what it tells its users. */
  async variables(): Promise<Record<string, string>> {
    await waitForStack(this.directory);
    return parseEnvFile(readFileSync(stackFiles(this.directory).env, 'utf8'));
  }

  async end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly printed: string }> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** A directory that is gone, with all that runs in it, when the test's scope ends. */
export class StackDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'local-stack-test-'));
  readonly #programs: StackProgram[] = [];

  start(environment: Readonly<Record<string, string | undefined>> = {}): StackProgram {
    const program = new StackProgram(this.path, environment);
    this.#programs.push(program);
    return program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.end('SIGTERM')));
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs one statement on a connection of its own. */
export async function query(url: string | undefined, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

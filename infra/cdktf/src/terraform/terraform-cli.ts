import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Refusal } from '../refusal.ts';

/** Terraform could not be started, or ended with an exit code that the caller does not expect. */
export class TerraformError extends Refusal {
  readonly exitCode: number | undefined;

  constructor(message: string, options: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'TerraformError';
    this.exitCode = options.exitCode;
  }
}

/** Runs Terraform in the directory of one stack. */
export interface Terraform {
  /** Resolves with the exit code when it is one of `expected`, by default 0 alone; rejects with a TerraformError otherwise. */
  run(directory: string, args: readonly string[], expected?: readonly number[]): Promise<number>;
}

export interface TerraformCliOptions {
  /** @default the one on the PATH */
  readonly program?: string;
  /** Whether what it prints is thrown away, rather than printed by this process. @default false */
  readonly isSilent?: boolean;
}

/** Terraform as a program. */
export class TerraformCli implements Terraform {
  readonly #program: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #output: 'ignore' | 'inherit';

  constructor(env: NodeJS.ProcessEnv, { program = 'terraform', isSilent = false }: TerraformCliOptions = {}) {
    this.#program = program;
    this.#output = isSilent ? 'ignore' : 'inherit';
    // No question that nobody answers, no advice for a terminal, no call home.
    this.#env = { ...env, TF_INPUT: '0', TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
  }

  async run(directory: string, args: readonly string[], expected: readonly number[] = [0]): Promise<number> {
    const child = spawn(this.#program, args, {
      cwd: directory,
      env: this.#env,
      stdio: ['ignore', this.#output, this.#output],
    });
    const code = await once(child, 'close').then(
      ([exitCode]) => Number(exitCode ?? 1),
      (cause: unknown) => {
        throw new TerraformError(
          `${this.#program} does not start: install version 1.11 or newer and put it on the PATH.`,
          { cause },
        );
      },
    );
    if (!expected.includes(code))
      throw new TerraformError(`terraform ${args.join(' ')} ended with ${code} in ${directory}.`, { exitCode: code });
    return code;
  }
}

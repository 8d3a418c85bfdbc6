import { TerraformError, type Terraform } from '../src/terraform/terraform-cli.ts';

/** A double of Terraform that does nothing but remember, and ends with the exit codes it is told. */
export class ScriptedTerraform implements Terraform {
  /** What was run: `network: init`. */
  readonly runs: string[] = [];
  readonly #exitCodes: Readonly<Record<string, number>>;

  /** @param exitCodes by run, such as `network: plan`; others end with 0. */
  constructor(exitCodes: Readonly<Record<string, number>> = {}) {
    this.#exitCodes = exitCodes;
  }

  async run(directory: string, args: readonly string[], expected: readonly number[] = [0]): Promise<number> {
    const stack = directory.split('/').at(-1) ?? '';
    this.runs.push(`${stack}: ${args.join(' ')}`);
    const exitCode = this.#exitCodes[`${stack}: ${args[0] ?? ''}`] ?? 0;
    if (!expected.includes(exitCode)) throw new TerraformError('scripted', { exitCode });
    return exitCode;
  }
}

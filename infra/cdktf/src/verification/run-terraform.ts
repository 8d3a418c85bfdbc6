import { execFile } from 'node:child_process';
import type { ToolEnvironment } from './find-tools.ts';

export interface TerraformRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end and keeps what it says. Whatever its exit code, it does not reject; it does when it cannot start. */
export type RunTerraform = (directory: string, args: readonly string[]) => Promise<TerraformRun>;

/** A Terraform that asks nothing, calls nobody and has no settings but those given here. */
export function terraformRunner(program: string, env: ToolEnvironment): RunTerraform {
  const settings = { CHECKPOINT_DISABLE: '1', TF_INPUT: '0', TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: '' };
  return (directory, args) =>
    new Promise((resolve, reject) => {
      const options = { cwd: directory, env: { ...env, ...settings }, maxBuffer: 64 * 1024 ** 2 };
      execFile(program, args, options, (error, stdout, stderr) => {
        if (error === null) resolve({ exitCode: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ exitCode: error.code, stdout, stderr });
        else reject(new Error(`${program} does not start.`, { cause: error }));
      });
    });
}

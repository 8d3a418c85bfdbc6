import { execFileSync } from 'node:child_process';

/** Answers what a git command prints, or undefined when it fails. */
export type Git = (...args: readonly string[]) => string | undefined;

/** Git in a directory. Without git, or outside of a checkout, every command fails. */
export function gitIn(directory: string): Git {
  return (...args) => {
    try {
      return execFileSync('git', args, {
        cwd: directory,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    } catch {
      return undefined;
    }
  };
}

/**
 * The commit that what is checked out is compared with, so that only what it affects has to run: the one NX_BASE or
 * CI_BASE names, or in CI where it left origin/main.
 * @returns undefined when there is none, or nothing lies between it and what is checked out: then everything runs
 * @throws Error when the variable names no commit of this clone
 */
export function findBase(env: Readonly<Record<string, string | undefined>>, git: Git): string | undefined {
  const named = [env.NX_BASE, env.CI_BASE].find((name) => name !== undefined && name !== '');
  const base =
    named === undefined ? detectBase(env, git) : git('rev-parse', '--verify', '--quiet', `${named}^{commit}`);
  if (named !== undefined && base === undefined) {
    throw new Error(
      `The base "${named}" is no commit of this clone. Fetch it, or leave NX_BASE and CI_BASE out to run everything.`,
    );
  }
  return base === git('rev-parse', 'HEAD') ? undefined : base;
}

function detectBase(env: Readonly<Record<string, string | undefined>>, git: Git): string | undefined {
  return env.CI === 'true' ? git('merge-base', 'origin/main', 'HEAD') : undefined;
}

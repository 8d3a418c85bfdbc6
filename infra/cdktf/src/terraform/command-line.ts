import { parseArgs } from 'node:util';
import { Refusal } from '../refusal.ts';

const commands = ['diff', 'deploy', 'destroy', 'bootstrap'] as const;
export type Command = (typeof commands)[number];

/** What was asked for. */
export interface Request {
  readonly command: Command;
  /** As it was given; whether there is such an environment is not known yet. */
  readonly environment: string;
  /** Stacks that were named. None: all of them. */
  readonly stacks: readonly string[];
  /** Whether nobody is asked before a plan is applied. */
  readonly isApproved: boolean;
  /** Whether the plans that `diff` has kept are applied. */
  readonly isSaved: boolean;
  /** Whether the environment is to be taken down, so that nothing in it is protected any more. */
  readonly isUnprotected: boolean;
}

/**
 * Reads `COMMAND STACK… --approve --saved --unprotected`. Only `diff` takes an environment for granted: nx runs a target without
 * its configuration where the name of that is misspelt, and nothing may be changed then.
 * @throws Refusal for what is not understood
 */
export function readRequest(args: readonly string[], environment: string | undefined): Request {
  const { positionals, values } = parse(args);
  const [name = 'diff', ...stacks] = positionals;
  const command = commands.find((known) => known === name);
  if (command === undefined) throw new Refusal(`There is no command ${name}. There are ${commands.join(', ')}.`);
  if (environment === undefined && command !== 'diff')
    throw new Refusal(`In which environment? Say so, such as npx nx run cdktf:${command}:dev, or set STOWAGE_ENV.`);
  const { approve: isApproved, saved: isSaved, unprotected: isUnprotected } = values;
  return { command, environment: environment ?? 'dev', stacks, isApproved, isSaved, isUnprotected };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        approve: { type: 'boolean', default: false },
        saved: { type: 'boolean', default: false },
        unprotected: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new Refusal(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../environments/environment.ts';
import type { SynthesizedStack } from '../policy/resource-graph.ts';
import { inOrder } from '../terraform/stack-order.ts';
import { startMotoServer } from './moto-server.ts';
import { rehearseStacks, type Rehearsal, type RehearsalOptions } from './rehearse-stacks.ts';
import { withWorldBefore } from './world-before.ts';

/** What is found on this machine, and who is told. */
export interface RehearsalTools extends Omit<RehearsalOptions, 'url' | 'directory'> {
  readonly motoServer: string;
}

/**
 * Rehearses the stacks of an environment with an emulator of their own, and leaves nothing behind.
 * @throws Error with what Terraform said when it cannot apply, plan or destroy
 */
export async function rehearseEnvironment(
  environment: Environment,
  stacks: readonly SynthesizedStack[],
  { motoServer, ...tools }: RehearsalTools,
): Promise<Rehearsal> {
  const directory = mkdtempSync(join(tmpdir(), 'stowage-rehearsal-'));
  try {
    const emulator = { program: motoServer, path: tools.path, accountId: environment.account.id };
    await using moto = await startMotoServer(emulator);
    const order = withWorldBefore(environment, inOrder(stacks));
    return await rehearseStacks(order, { ...tools, directory, url: moto.url });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

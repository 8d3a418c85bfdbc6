import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inOrder, type OrderedStack } from './stack-order.ts';

/** A stack on disk. */
export interface StackOnDisk extends OrderedStack {
  /** Where its `cdk.tf.json` is and Terraform runs. */
  readonly directory: string;
}

/** What CDKTF writes beside the stacks, as far as it is needed to apply them. */
const manifest = z.object({
  stacks: z.record(
    z.string(),
    z.object({ name: z.string(), dependencies: z.array(z.string()), workingDirectory: z.string() }),
  ),
});

/** The synthesized stacks of a directory, in the order they are applied in. */
export function readManifest(outDirectory: string): readonly StackOnDisk[] {
  const { stacks } = manifest.parse(JSON.parse(readFileSync(join(outDirectory, 'manifest.json'), 'utf8')));
  return inOrder(
    Object.values(stacks).map(({ name, dependencies, workingDirectory }) => ({
      ...{ name, dependencies },
      directory: join(outDirectory, workingDirectory),
    })),
  );
}

/** Brings the services of the integration tests up for the Nx run that this is a task of, and returns when they answer. */
import { join, resolve } from 'node:path';
import { runEntry } from './run-entry.ts';
import { shareStack } from './shared-stack.ts';

await runEntry('local-stack', () =>
  shareStack({
    directory: resolve(process.argv[2] ?? '.local/test'),
    keeper: join(import.meta.dirname, 'keep-test-stack.ts'),
    neededBy: process.ppid,
    print: (text) => process.stdout.write(text),
  }),
);

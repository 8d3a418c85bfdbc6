import { resolve } from 'node:path';
import { runEntry } from './run-entry.ts';
import { waitForStack } from './stack-readiness.ts';

await runEntry('local-stack', () => waitForStack(resolve(process.argv[2] ?? '.local')));

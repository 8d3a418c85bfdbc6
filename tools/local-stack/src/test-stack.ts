import { resolve } from 'node:path';
import { runEntry } from './run-entry.ts';
import { untilToldToEnd } from './stack-lifetime.ts';
import { runStack } from './stack.ts';
import { testServices } from './test-services.ts';

const directory = resolve(process.argv[2] ?? '.local/test');

await runEntry('local-stack', () => runStack(directory, testServices(directory), untilToldToEnd()));

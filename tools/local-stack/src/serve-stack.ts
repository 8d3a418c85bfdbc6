import { resolve } from 'node:path';
import { runEntry } from './run-entry.ts';
import { serveServices } from './serve-services.ts';
import { untilToldToEnd } from './stack-lifetime.ts';
import { runStack } from './stack.ts';

const directory = resolve(process.argv[2] ?? '.local');

await runEntry('local-stack', () => runStack(directory, serveServices(directory, process.env), untilToldToEnd()));

/** Runs the services of the integration tests as long as a process needs them: `keep-test-stack.ts [DIRECTORY]`. */
import { resolve } from 'node:path';
import { runEntry } from './run-entry.ts';
import { untilNotNeeded } from './stack-lifetime.ts';
import { runStack } from './stack.ts';
import { testServices } from './test-services.ts';

const directory = resolve(process.argv[2] ?? '.local/test');
const debianDirectory = resolve('.local/debian');

await runEntry('local-stack', () =>
  runStack(directory, testServices({ directory, debianDirectory }), untilNotNeeded(directory)),
);

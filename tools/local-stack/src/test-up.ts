/** Keeps the services of the integration tests up until it is told to end, for tests that are run by hand. */
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { runEntry } from './run-entry.ts';
import { shareStack } from './shared-stack.ts';
import { untilToldToEnd } from './stack-lifetime.ts';
import { releaseStack } from './stack-leases.ts';

const directory = resolve(process.argv[2] ?? '.local/test');

await runEntry('local-stack', async () => {
  const signal = untilToldToEnd();
  await shareStack({
    directory,
    keeper: join(import.meta.dirname, 'keep-test-stack.ts'),
    neededBy: process.pid,
    print: (text) => process.stdout.write(text),
  });
  const clock = setInterval(() => undefined, 60_000); // a signal alone does not keep the process alive
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(clock);
  releaseStack(directory, process.pid);
});

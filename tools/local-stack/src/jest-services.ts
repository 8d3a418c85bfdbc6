import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnvFile } from './env-file.ts';
import { isRunning } from './process-identity.ts';
import { leaseStack } from './stack-leases.ts';
import { readAnnouncement } from './stack-readiness.ts';
import { stackFiles } from './stack.ts';

const DIRECTORY = join(__dirname, '../../../.local/test');

/** Jest's `globalSetup`: tells tests where the services are that the Nx task `local-stack:test-ready` has brought up. */
// eslint-disable-next-line no-restricted-syntax -- Jest calls the default export of a global setup
export default function provideServices(): void {
  if (process.env.TEST_DATABASE_URL !== undefined) return; // the caller brings services of their own
  leaseStack(DIRECTORY, process.pid);
  const announced = readAnnouncement(DIRECTORY);
  if (announced === undefined || !isRunning(announced)) {
    throw new Error(
      'The services of the integration tests are not up. Run the tests through Nx: npx nx test-integration NAME',
    );
  }
  Object.assign(process.env, parseEnvFile(readFileSync(stackFiles(DIRECTORY).env, 'utf8')));
}

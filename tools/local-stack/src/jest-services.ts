import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnvFile } from './env-file.ts';

/** Jest's `globalSetup`: gives tests the addresses of the services that `local-stack:test-up` runs. */
// eslint-disable-next-line no-restricted-syntax -- Jest calls the default export of a global setup
export default function provideServices(): void {
  const path = join(__dirname, '../../../.local/test/stack.env');
  if (existsSync(path)) {
    const variables = parseEnvFile(readFileSync(path, 'utf8'));
    for (const [name, value] of Object.entries(variables)) process.env[name] ??= value;
    return;
  }
  if (process.env['TEST_DATABASE_URL'] !== undefined) return;
  throw new Error('The services of the integration tests are not up. Run the tests through Nx: npx nx test-integration NAME');
}

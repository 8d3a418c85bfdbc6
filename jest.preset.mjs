import { join } from 'node:path';

/** Shared Jest settings. SWC strips the types; the typecheck target checks them. */
export default {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } }] },
  injectGlobals: false,
  clearMocks: true,
  // Only for what hangs: where all cores are busy with other tasks a test may take many times as long as by itself.
  testTimeout: 600_000,
  reporters: ['default', join(import.meta.dirname, 'tools/checks/src/jest-results.ts')],
};

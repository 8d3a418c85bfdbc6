import { join } from 'node:path';

/** Shared Jest settings. SWC strips the types; the typecheck target checks them. */
export default {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } }] },
  injectGlobals: false,
  clearMocks: true,
  reporters: ['default', join(import.meta.dirname, 'tools/checks/src/jest-results.ts')],
};

/** Shared Jest settings. SWC strips the types; the typecheck target checks them. */
export default {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } }] },
  injectGlobals: false,
  clearMocks: true,
};

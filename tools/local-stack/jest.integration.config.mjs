import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'local-stack integration',
  globalSetup: '../../tools/local-stack/src/jest-services.ts',
  testMatch: ['<rootDir>/{src,test}/**/*.integration.test.ts'],
};

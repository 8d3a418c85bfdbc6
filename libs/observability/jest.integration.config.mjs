import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'observability integration',
  globalSetup: '../../tools/local-stack/src/jest-services.ts',
  testMatch: ['<rootDir>/{src,test}/**/*.integration.test.ts'],
};

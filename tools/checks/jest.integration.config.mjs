import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'checks integration',
  testMatch: ['<rootDir>/{src,test}/**/*.integration.test.ts'],
};

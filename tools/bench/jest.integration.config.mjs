import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'bench integration',
  testMatch: ['<rootDir>/{src,test}/**/*.integration.test.ts'],
};

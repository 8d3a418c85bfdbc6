import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'cdktf integration',
  testMatch: ['<rootDir>/{src,test}/**/*.integration.test.ts'],
};

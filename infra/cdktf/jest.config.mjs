import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'cdktf',
  testMatch: ['<rootDir>/{src,test}/**/*.test.ts'],
  testPathIgnorePatterns: ['\\.(integration|rehearsal)\\.test\\.ts$'],
};

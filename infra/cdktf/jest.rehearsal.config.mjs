import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'cdktf rehearsal',
  testMatch: ['<rootDir>/test/**/*.rehearsal.test.ts'],
  testTimeout: 1_800_000,
};

import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'local-stack',
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  testPathIgnorePatterns: ['\\.integration\\.test\\.ts$'],
};

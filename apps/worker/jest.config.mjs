import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'worker',
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  testPathIgnorePatterns: ['\\.integration\\.test\\.ts$'],
};

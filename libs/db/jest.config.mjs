import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'db',
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  testPathIgnorePatterns: ['\\.integration\\.test\\.ts$'],
};

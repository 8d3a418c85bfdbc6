import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'bench',
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  testPathIgnorePatterns: ['\\.integration\\.test\\.ts$'],
};

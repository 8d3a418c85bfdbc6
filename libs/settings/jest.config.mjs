import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'settings',
  testMatch: ['<rootDir>/src/**/*.test.ts'],
};

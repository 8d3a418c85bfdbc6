/** The least that an app of the workspace needs to hold jobs, by path. */
export const minimalWorker: ReadonlyMap<string, string> = new Map([
  [
    'apps/worker/package.json',
    JSON.stringify({
      name: '@stowage/worker',
      version: '0.0.0',
      private: true,
      type: 'module',
      nx: { name: 'worker', tags: ['type:app', 'app:worker'] },
    }),
  ],
  [
    'apps/worker/tsconfig.json',
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: { outDir: '../../dist/out-tsc/worker', rootDir: '../..' },
      include: ['src/**/*.ts'],
    }),
  ],
  ['apps/worker/jest.config.mjs', jestConfig("['<rootDir>/src/**/!(*.integration).test.ts']")],
  ['apps/worker/jest.integration.config.mjs', jestConfig("['<rootDir>/src/**/*.integration.test.ts']")],
  [
    'apps/worker/src/job.ts',
    `import type { Registry } from '@stowage/observability';

export interface Job {
  readonly name: string;
  run(metrics: Registry, signal: AbortSignal): Promise<void>;
}
`,
  ],
]);

function jestConfig(testMatch: string): string {
  return `import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'worker', testMatch: ${testMatch}, testTimeout: 30_000 };
`;
}

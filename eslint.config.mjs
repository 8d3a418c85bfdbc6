import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const leafLibraries = ['lib:db', 'lib:cache', 'lib:storage', 'lib:observability', 'lib:settings'].map((sourceTag) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [],
}));

// A later block replaces a rule's options, it does not add to them; so each block gets the whole list.
const bannedProperties = [
  { object: 'process', property: 'exit', message: 'Set process.exitCode and let the process end.' },
  ...['mock', 'doMock', 'unstable_mockModule'].map((property) => ({
    object: 'jest',
    property,
    message: 'Hand the subject a double.',
  })),
];

const bannedSyntax = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: "ExportSpecifier[exported.name='default']", message: 'Export by name.' },
  { selector: 'ExportAllDeclaration', message: 'List what you export.' },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?process$/]',
    message: 'Use the global `process`, whose use is checked.',
  },
];

const boundaries = {
  banTransitiveDependencies: true,
  depConstraints: [
    {
      sourceTag: 'type:app',
      onlyDependOnLibsWithTags: ['type:lib'],
      bannedExternalImports: ['pg', 'redis', '@aws-sdk/*'],
    },
    { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib'], bannedExternalImports: ['express'] },
    { sourceTag: 'type:infra', onlyDependOnLibsWithTags: [] },
    { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:tool', 'type:app'] },
    ...leafLibraries,
  ],
};

const restrict = (files, { except = [], paths = [], patterns = [] }) => ({
  files,
  ignores: ['**/*.test.ts', '**/test/**', '**/testing/**', '**/*-contract.ts', '**/memory-*.ts', ...except],
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths, patterns }] },
});

const express = { name: 'express', message: 'Express stops at *-routes.ts, http/ and express-app.ts.' };
const sql = { name: '@stowage/db', importNames: ['sql'], message: 'SQL lives in pg-*.ts.' };
const doubles = { group: ['**/memory-*', '**/testing/**', '@stowage/*/testing'], message: 'Doubles are for tests.' };
const postgresRooms = {
  group: ['**/pg-*'],
  message: 'Only compose.ts knows which repository is behind the interface.',
};
const otherFeatures = {
  group: ['../*/*-routes.ts', '../*/*-schemas.ts', '../*/*-repository.ts'],
  message: 'Of another feature use the service, the policy, the domain type or the errors.',
};

/** Which library has the driver of what; nobody else imports it. */
const drivers = [
  { library: 'db', regex: '^(pg|@aws-sdk/rds-signer)(/|$)', message: 'Only libs/db talks to PostgreSQL.' },
  { library: 'cache', regex: '^(redis|@redis/.*)(/|$)', message: 'Only libs/cache talks to Redis.' },
  {
    library: 'storage',
    regex: '^@aws-sdk/(?!rds-signer|credential-providers)',
    message: 'Only libs/storage talks to S3.',
  },
];
/** What a stack may import of CDKTF. A root import of the provider takes 10 s and 576 MB at run time. */
const cdktfSeam = { name: 'cdktf', message: 'Only src/cdktf.ts imports cdktf: import from there.' };
const cdktfDeepPaths = { group: ['cdktf/*'], message: 'Only src/cdktf.ts imports cdktf, and nothing of its inside.' };
const providerPaths = {
  regex: '^@cdktf/provider-(?![a-z0-9]+/lib/[a-z0-9-]+/index\\.js$)',
  message: 'Import one resource, by @cdktf/provider-aws/lib/RESOURCE/index.js: the whole takes seconds to load.',
};
const environmentName = {
  selector: ':matches(BinaryExpression, SwitchCase) > Literal[value=/^(?:dev|staging|production)$/]',
  message: 'What differs between environments is a value in src/environments.',
};
const spelledArns = [
  { selector: 'Literal[value=/^arn:aws:/]', message: 'Ask the construct for its ARN, or BaseStack.of(this).arn().' },
  { selector: 'TemplateElement[value.raw=/^arn:aws:/]', message: 'Ask the construct, or BaseStack.of(this).arn().' },
];
const driversOfOthers = (library) =>
  drivers.filter((driver) => driver.library !== library).map(({ regex, message }) => ({ regex, message }));

export default tseslint.config(
  { ignores: ['**/dist', '**/tmp', '**/.local', '**/*.mjs'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries],
      '@typescript-eslint/require-await': 'off', // an async method may satisfy an interface without awaiting
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', 40],
      'max-params': ['error', 3],
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...bannedSyntax],
      'no-restricted-properties': ['error', ...bannedProperties],
    },
  },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts', 'infra/*/src/**/*.ts'],
    ignores: ['**/main.ts', '**/migrate.ts', '**/telemetry.ts', '**/*.test.ts', '**/testing/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...bannedProperties,
        { object: 'process', property: 'env', message: 'Only main.ts and migrate.ts read the environment.' },
      ],
    },
  },
  restrict(['apps/*/src/**/*.ts'], {
    except: ['**/*-routes.ts', '**/pg-*.ts', '**/http/**', '**/express-app.ts', '**/compose*.ts'],
    paths: [express, sql],
    patterns: [doubles, postgresRooms, otherFeatures],
  }),
  restrict(['apps/*/src/**/*-routes.ts', 'apps/*/src/http/**/*.ts', 'apps/*/src/express-app.ts'], {
    paths: [sql],
    patterns: [doubles, postgresRooms, otherFeatures],
  }),
  restrict(['apps/*/src/**/pg-*.ts'], { paths: [express], patterns: [doubles, otherFeatures] }),
  restrict(['apps/*/src/compose*.ts'], { paths: [sql, { ...express, allowTypeImports: true }], patterns: [doubles] }),
  ...['db', 'cache', 'storage', 'observability', 'settings'].map((library) =>
    restrict([`libs/${library}/src/**/*.ts`], { patterns: [doubles, ...driversOfOthers(library)] }),
  ),
  {
    files: ['infra/*/src/**/*.ts'],
    ignores: ['**/environments/*.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...bannedSyntax, environmentName],
    },
  },
  {
    files: ['infra/*/src/{stacks,constructs,edge,operations,aspects}/**/*.ts'],
    ignores: ['**/base-stack.ts', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bannedSyntax, environmentName, ...spelledArns] },
  },
  {
    files: ['infra/*/**/*.ts'],
    ignores: ['infra/*/src/cdktf.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [cdktfSeam], patterns: [cdktfDeepPaths, providerPaths] },
      ],
    },
  },
  // Express tells error handlers apart by their four parameters.
  { files: ['apps/api/src/http/error-handler.ts'], rules: { 'max-params': ['error', 4] } },
  // A table that grows with every problem there is.
  { files: ['apps/api/src/http/problem-catalog.ts'], rules: { 'max-lines': 'off' } },
  { files: ['tools/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // The generated documents come from these two, and nothing else of an app is of use to a tool.
    files: ['tools/checks/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { ...boundaries, allow: ['@stowage/api/config', '@stowage/api/problem-catalog', '@stowage/worker/config'] },
      ],
    },
  },
  {
    // Scheduled runs are made from the catalog of jobs, which imports nothing.
    files: ['infra/*/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': ['error', { ...boundaries, allow: ['@stowage/worker/job-catalog'] }],
    },
  },
  // Tests through HTTP look into JSON of many shapes; what they compare it with is the check.
  {
    files: ['apps/*/test/**/*.ts'],
    rules: Object.fromEntries(
      ['member-access', 'assignment', 'call', 'argument', 'return'].map((use) => [
        `@typescript-eslint/no-unsafe-${use}`,
        'off',
      ]),
    ),
  },
  // Contract suites are tests: one `describe` holds them all.
  {
    files: ['**/*.test.ts', '**/*-contract.ts'],
    rules: { 'max-lines': ['error', 400], 'max-lines-per-function': 'off' },
  },
);

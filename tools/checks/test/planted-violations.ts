import { file, importing, type PlantedViolation } from './planted-file.ts';
import { infrastructureViolations } from './planted-infrastructure.ts';

const boundaries = '@nx/enforce-module-boundaries';
const imports = '@typescript-eslint/no-restricted-imports';
const syntax = 'no-restricted-syntax';
const properties = 'no-restricted-properties';

const apiRoom = 'apps/api/src/planted';

const drivers: readonly PlantedViolation[] = [
  {
    what: 'pg in an app',
    rule: boundaries,
    fault: importing(`${apiRoom}/pg-driver.ts`, 'Pool', 'pg'),
    twin: importing(`${apiRoom}/database.ts`, 'PgDb', '@stowage/db'),
  },
  {
    what: 'redis in an app',
    rule: boundaries,
    fault: importing(`${apiRoom}/redis-driver.ts`, 'createClient', 'redis'),
    twin: importing(`${apiRoom}/cache.ts`, 'RedisClient', '@stowage/cache'),
  },
  {
    what: 'the AWS SDK in an app',
    rule: boundaries,
    fault: importing(`${apiRoom}/s3-driver.ts`, 'S3Client', '@aws-sdk/client-s3'),
    twin: importing(`${apiRoom}/blobs.ts`, 'S3BlobStore', '@stowage/storage'),
  },
  {
    what: 'express in a library',
    rule: boundaries,
    fault: importing('libs/observability/src/planted-express.ts', 'Router', 'express'),
    twin: importing('libs/observability/src/planted-pino.ts', 'pino', 'pino'),
  },
  {
    what: 'pg in the library of the cache',
    rule: imports,
    fault: importing('libs/cache/src/planted-pg.ts', 'Pool', 'pg'),
    twin: importing('libs/db/src/planted-pg.ts', 'Pool', 'pg'),
  },
  {
    what: 'redis in the library of the database',
    rule: imports,
    fault: importing('libs/db/src/planted-redis.ts', 'createClient', 'redis'),
    twin: importing('libs/cache/src/planted-redis.ts', 'createClient', 'redis'),
  },
  {
    what: 'S3 in the library of the database',
    rule: imports,
    fault: importing('libs/db/src/planted-s3.ts', 'S3Client', '@aws-sdk/client-s3'),
    twin: importing('libs/db/src/planted-rds.ts', 'Signer', '@aws-sdk/rds-signer'),
  },
];

const rooms: readonly PlantedViolation[] = [
  {
    what: 'express in a service',
    rule: imports,
    fault: importing(`${apiRoom}/planted-service.ts`, 'Router', 'express'),
    twin: importing(`${apiRoom}/planted-routes.ts`, 'Router', 'express'),
  },
  {
    what: 'sql outside of pg-*.ts',
    rule: imports,
    fault: importing(`${apiRoom}/statement.ts`, 'sql', '@stowage/db'),
    twin: importing(`${apiRoom}/pg-statement.ts`, 'sql', '@stowage/db'),
  },
  {
    what: 'sql in a routes file',
    rule: imports,
    fault: importing(`${apiRoom}/statement-routes.ts`, 'sql', '@stowage/db'),
    twin: importing(`${apiRoom}/db-routes.ts`, 'PgDb', '@stowage/db'),
  },
  {
    what: 'pg-*.ts outside of compose.ts',
    rule: imports,
    fault: importing(`${apiRoom}/knows-postgres.ts`, 'PgBucketRepository', '../buckets/pg-bucket-repository.ts'),
    twin: importing('apps/api/src/compose-planted.ts', 'PgBucketRepository', './buckets/pg-bucket-repository.ts'),
  },
  {
    what: 'pg-*.ts in a job of the worker',
    rule: imports,
    fault: importing(
      'apps/worker/src/planted/knows-postgres.ts',
      'PgJobRunRepository',
      '../job-runs/pg-job-run-repository.ts',
    ),
    twin: importing('apps/worker/src/compose-planted.ts', 'PgJobRunRepository', './job-runs/pg-job-run-repository.ts'),
  },
  {
    what: 'a double outside of tests',
    rule: imports,
    fault: importing(`${apiRoom}/knows-double.ts`, 'MemoryBucketRepository', '../buckets/memory-bucket-repository.ts'),
    twin: importing(`${apiRoom}/double.test.ts`, 'MemoryBucketRepository', '../buckets/memory-bucket-repository.ts'),
  },
  {
    what: "a library's doubles outside of tests",
    rule: imports,
    fault: importing(`${apiRoom}/knows-testing.ts`, 'createTestDatabase', '@stowage/db/testing'),
    twin: importing(`${apiRoom}/testing.test.ts`, 'createTestDatabase', '@stowage/db/testing'),
  },
  {
    what: "a library's own doubles in its source",
    rule: imports,
    fault: importing('libs/db/src/planted-double.ts', 'createTestDatabase', './testing/index.ts'),
    twin: importing('libs/db/src/planted-double.test.ts', 'createTestDatabase', './testing/index.ts'),
  },
];

const features: readonly PlantedViolation[] = [
  ['routes', 'bucketRoutes', 'service'],
  ['schemas', 'bucketParams', 'routes'],
  ['repository', 'BucketRepository', 'policy'],
].map(([room = '', name = '', from = '']) => ({
  what: `another feature's ${room} in a ${from} file`,
  rule: imports,
  fault: file(
    `${apiRoom}/uses-${room}-${from}.ts`,
    `import type { ${name} } from '../buckets/bucket-${room}.ts';\n\nexport type Used = typeof ${name};`,
  ),
  twin: importing(`${apiRoom}/uses-errors-${room}-${from}.ts`, 'BucketNotFoundError', '../buckets/bucket-errors.ts'),
}));

const projects: readonly PlantedViolation[] = [
  {
    what: 'a relative path into another project',
    rule: boundaries,
    fault: importing(`${apiRoom}/relative.ts`, 'PgDb', '../../../../libs/db/src/index.ts'),
    twin: importing(`${apiRoom}/by-name.ts`, 'PgDb', '@stowage/db'),
  },
  {
    what: 'a library in a library',
    rule: boundaries,
    fault: importing('libs/cache/src/planted-library.ts', 'PgDb', '@stowage/db'),
    twin: importing('apps/api/test/planted-library.ts', 'PgDb', '@stowage/db'),
  },
  {
    what: 'an app in a library',
    rule: boundaries,
    fault: importing('libs/db/src/planted-app.ts', 'apiSettings', '@stowage/api/config'),
    twin: importing('tools/checks/src/planted-app.ts', 'apiSettings', '@stowage/api/config'),
  },
  {
    what: 'an app in infrastructure, but for the catalog of its jobs',
    rule: boundaries,
    fault: importing('infra/cdktf/src/planted-app.ts', 'apiSettings', '@stowage/api/config'),
    twin: importing('infra/cdktf/src/planted-catalog.ts', 'jobCatalog', '@stowage/worker/job-catalog'),
  },
  {
    what: 'a tool in an app',
    rule: boundaries,
    fault: importing(`${apiRoom}/knows-tool.ts`, 'findFreePort', '@stowage/local-stack'),
    twin: importing('tools/checks/src/planted-tool.ts', 'findFreePort', '@stowage/local-stack'),
  },
];

const statements: readonly PlantedViolation[] = [
  {
    what: 'process.env outside of main.ts',
    rule: properties,
    fault: file(`${apiRoom}/environment.ts`, 'export const home = process.env.HOME;'),
    twin: file(`${apiRoom}/main.ts`, 'export const home = process.env.HOME;'),
  },
  {
    what: 'process.exit',
    rule: properties,
    fault: file('libs/db/src/planted-exit.ts', 'process.exit(1);'),
    twin: file('libs/db/src/planted-exit-code.ts', 'process.exitCode = 1;'),
  },
  {
    what: 'an import of process',
    rule: syntax,
    fault: importing('libs/db/src/planted-process.ts', 'exit', 'node:process'),
    twin: importing('libs/db/src/planted-path.ts', 'join', 'node:path'),
  },
  {
    what: 'jest.mock',
    rule: properties,
    fault: file(`${apiRoom}/mock.test.ts`, "import { jest } from '@jest/globals';\n\njest.mock('./cache.ts');"),
    twin: file(
      `${apiRoom}/double-of-function.test.ts`,
      "import { jest } from '@jest/globals';\n\nexport const spy = jest.fn();",
    ),
  },
  {
    what: 'a default export',
    rule: syntax,
    fault: file('libs/db/src/planted-default.ts', 'export default 1;'),
    twin: file('libs/db/src/planted-named.ts', 'export const one = 1;'),
  },
  {
    what: 'a default export in a list',
    rule: syntax,
    fault: file('libs/db/src/planted-default-list.ts', 'const one = 1;\nexport { one as default };'),
    twin: file('libs/db/src/planted-named-list.ts', 'const one = 1;\nexport { one };'),
  },
  {
    what: 'an export of everything',
    rule: syntax,
    fault: file('libs/db/src/planted-all.ts', "export * from './sql.ts';"),
    twin: file('libs/db/src/planted-list.ts', "export { sql } from './sql.ts';"),
  },
  {
    what: 'console outside of tools',
    rule: 'no-console',
    fault: file('libs/db/src/planted-console.ts', "console.log('here');"),
    twin: file('tools/checks/src/planted-console.ts', "console.log('here');"),
  },
  {
    what: 'a fourth parameter',
    rule: 'max-params',
    fault: file('libs/db/src/planted-four.ts', 'export const f = (a: 1, b: 1, c: 1, d: 1): number => a + b + c + d;'),
    twin: file('libs/db/src/planted-three.ts', 'export const f = (a: 1, b: 1, c: 1): number => a + b + c;'),
  },
  {
    what: 'any',
    rule: '@typescript-eslint/no-explicit-any',
    fault: file('libs/db/src/planted-any.ts', 'export const f = (a: any): boolean => a === 1;'),
    twin: file('libs/db/src/planted-unknown.ts', 'export const f = (a: unknown): boolean => a === 1;'),
  },
];

export const plantedViolations: readonly PlantedViolation[] = [
  ...drivers,
  ...rooms,
  ...features,
  ...projects,
  ...statements,
  ...infrastructureViolations,
];

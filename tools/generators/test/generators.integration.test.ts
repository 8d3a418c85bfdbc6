import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenWorkspaceCopy, type ProgramResult, type WorkspaceCopy } from '@stowage/checks/testing';

let workspace: WorkspaceCopy;

beforeAll(async () => {
  workspace = await givenWorkspaceCopy();
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
});

function generate(generator: string, ...args: readonly string[]): Promise<ProgramResult> {
  return workspace.run(['nx', 'g', `@stowage/generators:${generator}`, ...args]);
}

/** The files a generator says it has made or changed. */
function filesOf({ printed }: ProgramResult): readonly string[] {
  return [...printed.matchAll(/^(?:CREATE|UPDATE) (\S+)$/gm)].map(([, path = '']) => path);
}

async function expectToPass(command: readonly [string, ...string[]]): Promise<void> {
  const { exitCode, printed, complaints } = await workspace.run(command);
  expect({ exitCode, said: exitCode === 0 ? '' : printed + complaints }).toEqual({ exitCode: 0, said: '' });
}

/** Lint, format, layout and documents of the files. */
async function expectToBeClean(files: readonly string[]): Promise<void> {
  await expectToPass(['prettier', '--check', '--ignore-unknown', ...files]);
  await expectToPass(['eslint', ...files.filter((path) => path.endsWith('.ts'))]);
  const { complaints } = await workspace.run(['node', 'tools/checks/src/verify.ts']);
  expect(files.filter((path) => complaints.includes(path))).toEqual([]);
}

/** Type errors in the files; what others are working on at the same time is not counted. */
async function typeErrorsIn(files: readonly string[], project: string): Promise<readonly string[]> {
  const { printed } = await workspace.run([
    'tsc',
    '--noEmit',
    '--emitDeclarationOnly',
    'false',
    '--pretty',
    'false',
    '--project',
    project,
  ]);
  const places = ['error TS', ...files.map((path) => `${path}(`)];
  return printed.split('\n').filter((line) => places.some((place) => line.startsWith(place)));
}

describe('feature', () => {
  const features = [
    { name: 'label', plural: 'labels', args: [] },
    { name: 'access-policy', plural: 'access-policies', args: ['--plural=access-policies'] },
  ];
  const made = new Map<string, ProgramResult>();
  const files = (): readonly string[] => [...new Set([...made.values()].flatMap(filesOf))];

  beforeAll(async () => {
    for (const { name, args } of features) made.set(name, await generate('feature', name, ...args));
  });

  it.each(features)('makes the nine rooms of $plural, their tests and a migration', ({ name, plural }) => {
    expect(made.get(name)).toMatchObject({ exitCode: 0 });
    const suffixes = ['routes', 'schemas', 'service', 'errors', 'repository', 'repository-contract'];
    const rooms = [
      ...suffixes.map((suffix) => `${name}-${suffix}`),
      name,
      `pg-${name}-repository`,
      `memory-${name}-repository`,
    ];
    const tests = [`${name}-service`, `memory-${name}-repository`, `pg-${name}-repository.integration`];
    expect(files()).toEqual(
      expect.arrayContaining([
        ...rooms.map((room) => `apps/api/src/${plural}/${room}.ts`),
        ...tests.map((test) => `apps/api/src/${plural}/${test}.test.ts`),
        `apps/api/test/${plural}.integration.test.ts`,
        expect.stringMatching(new RegExp(`^libs/db/migrations/\\d{4}-create-${plural}\\.sql$`)),
      ]),
    );
  });

  it.each(features)('registers the routes and problems of $plural', ({ name }) => {
    const { printed = '', complaints = '' } = made.get(name) ?? {};
    expect(printed).toContain('UPDATE apps/api/src/compose.ts\n');
    expect(printed).toContain('UPDATE apps/api/src/http/problem-catalog.ts\n');
    expect(printed + complaints).not.toContain('by hand');
  });

  it('passes lint, format, layout and the types', async () => {
    await expectToBeClean(files());
    expect(await typeErrorsIn(files(), 'apps/api/tsconfig.json')).toEqual([]);
  });

  it('passes its unit tests', async () => {
    await expectToPass([
      'jest',
      '--config',
      'apps/api/jest.config.mjs',
      ...features.map(({ plural }) => `src/${plural}/`),
    ]);
  });

  it('passes its integration tests', async () => {
    await expectToPass([
      'jest',
      '--config',
      'apps/api/jest.integration.config.mjs',
      ...features.map(({ plural }) => plural),
    ]);
  });

  it('is not made over what is there', async () => {
    const again = await generate('feature', 'label');
    expect(again.exitCode).not.toBe(0);
    expect(again.printed + again.complaints).toContain('apps/api/src/labels exists');
  });
});

describe('migration', () => {
  it('takes the next number each time', async () => {
    const [first, second] = [await generate('migration', 'add-colours'), await generate('migration', 'drop-colours')];
    const numbers = [...filesOf(first), ...filesOf(second)].map((path) => Number(/migrations\/(\d+)-/.exec(path)?.[1]));
    expect(numbers).toEqual([numbers[0], (numbers[0] ?? 0) + 1]);
  });
});

describe('adr', () => {
  it('makes a formatted record with the next number', async () => {
    const made = await generate('adr', 'Objects are never overwritten: versions');
    const files = filesOf(made);
    expect(files).toEqual([expect.stringMatching(/^docs\/adr\/\d{4}-objects-are-never-overwritten-versions\.md$/)]);
    await expectToPass(['prettier', '--check', ...files]);
  });
});

describe('job', () => {
  let made: ProgramResult;
  let files: readonly string[];

  beforeAll(async () => {
    made = await generate('job', 'storage-usage', '--cron=30 * * * *', '--shards=4');
    files = filesOf(made);
  });

  it('makes all rooms of a job and their tests, and registers it with its schedule', async () => {
    expect(made).toMatchObject({ exitCode: 0 });
    const rooms = ['job', 'metrics', 'repository', 'repository-contract'].map((room) => `storage-usage-${room}`);
    const tests = ['storage-usage-job', 'memory-storage-usage-repository', 'pg-storage-usage-repository.integration'];
    expect(files).toEqual(
      expect.arrayContaining([
        ...rooms.map((room) => `apps/worker/src/storage-usage/${room}.ts`),
        ...tests.map((test) => `apps/worker/src/storage-usage/${test}.test.ts`),
        'apps/worker/test/storage-usage.integration.test.ts',
        'apps/worker/src/job-catalog.ts',
        'apps/worker/src/compose.ts',
      ]),
    );
    const { printed } = await workspace.run(['node', 'apps/worker/src/main.ts', 'list', '--json']);
    expect(printed).toContain('"name":"storage-usage"');
    expect(printed).toContain('"schedule":{"cron":"30 * * * *","shards":4}');
  });

  it('passes lint, format, layout and the types', async () => {
    await expectToBeClean(files);
    expect(await typeErrorsIn(files, 'apps/worker/tsconfig.json')).toEqual([]);
  });

  it('passes its tests', async () => {
    await expectToPass(['jest', '--config', 'apps/worker/jest.config.mjs', 'storage-usage', 'job-catalog']);
    await expectToPass(['jest', '--config', 'apps/worker/jest.integration.config.mjs', 'storage-usage']);
  });

  it('is not made with a schedule that is none', async () => {
    const refused = await generate('job', 'other-job', '--cron=daily');
    expect(refused.exitCode).not.toBe(0);
    expect(refused.printed + refused.complaints).toContain('"daily" is no schedule');
  });
});

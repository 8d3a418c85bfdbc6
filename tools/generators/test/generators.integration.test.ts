import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenWorkspaceCopy, type ProgramResult, type WorkspaceCopy } from '@stowage/checks/testing';
import { minimalWorker } from './minimal-worker.ts';

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

describe.each([
  { name: 'label', plural: 'labels', args: [] },
  { name: 'access-policy', plural: 'access-policies', args: ['--plural=access-policies'] },
])('feature $name', ({ name, plural, args }) => {
  let made: ProgramResult;

  beforeAll(async () => {
    made = await generate('feature', name, ...args);
  });

  it('makes the nine rooms, their tests and a migration', () => {
    expect(made).toMatchObject({ exitCode: 0 });
    const rooms = ['routes', 'schemas', 'service', 'errors', 'repository', 'repository-contract'];
    const files = [
      ...rooms.map((room) => `${name}-${room}`),
      name,
      `pg-${name}-repository`,
      `memory-${name}-repository`,
    ];
    const tests = [`${name}-service`, `memory-${name}-repository`, `pg-${name}-repository.integration`];
    expect(filesOf(made)).toEqual(
      expect.arrayContaining([
        ...files.map((file) => `apps/api/src/${plural}/${file}.ts`),
        ...tests.map((file) => `apps/api/src/${plural}/${file}.test.ts`),
        `apps/api/test/${plural}.integration.test.ts`,
        expect.stringMatching(new RegExp(`^libs/db/migrations/\\d{4}-create-${plural}\\.sql$`)),
      ]),
    );
  });

  it('registers its routes and problems', () => {
    expect(filesOf(made)).toEqual(
      expect.arrayContaining(['apps/api/src/compose.ts', 'apps/api/src/http/problem-catalog.ts']),
    );
    expect(made.printed + made.complaints).not.toContain('by hand');
  });

  it('passes lint, format, layout and the types', async () => {
    await expectToBeClean(filesOf(made));
    await expectToPass(['tsc', '--noEmit', '--emitDeclarationOnly', 'false', '--project', 'apps/api/tsconfig.json']);
  });

  it('passes its unit tests', async () => {
    await expectToPass(['jest', '--config', 'apps/api/jest.config.mjs', `src/${plural}/`]);
  });

  it('passes its integration tests', async () => {
    await expectToPass(['jest', '--config', 'apps/api/jest.integration.config.mjs', plural]);
  });

  it('is not made over what is there', async () => {
    const again = await generate('feature', name, ...args);
    expect(again.exitCode).not.toBe(0);
    expect(again.printed + again.complaints).toContain(`apps/api/src/${plural} exists`);
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
  it('says so and stops when there is no worker', async () => {
    await workspace.run(['node', '--eval', "require('fs').rmSync('apps/worker', { recursive: true, force: true })"]);
    const made = await generate('job', 'storage-usage');
    expect(made.exitCode).not.toBe(0);
    expect(made.printed + made.complaints).toContain('this workspace has no worker');
    expect(filesOf(made)).toEqual([]);
  });

  it('makes rooms that pass every check', async () => {
    for (const [path, text] of minimalWorker) await workspace.write(path, text);
    const made = await generate('job', 'storage-usage');
    expect(made).toMatchObject({ exitCode: 0 });
    await expectToBeClean(filesOf(made));
    await expectToPass(['tsc', '--noEmit', '--emitDeclarationOnly', 'false', '--project', 'apps/worker/tsconfig.json']);
    await expectToPass(['jest', '--config', 'apps/worker/jest.config.mjs']);
    await expectToPass(['jest', '--config', 'apps/worker/jest.integration.config.mjs']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { checkLayout } from './layout.ts';

function faultsOf(path: string, text = ''): readonly string[] {
  return checkLayout([{ path, text }]).map(({ message }) => message);
}

describe('checkLayout', () => {
  it.each([
    'libs/db/src/utils.ts',
    'apps/api/src/helpers/date.ts',
    'libs/cache/src/common.ts',
    'tools/dev/shared/a.ts',
    'libs/db/src/types.ts',
    'libs/db/src/sql-helpers.ts',
  ])('finds the drawer %s', (path) => {
    expect(faultsOf(path)).toEqual([expect.stringContaining('is a drawer')]);
  });

  it('takes a name that only begins like a drawer', () => {
    expect(faultsOf('tools/local-stack/src/shared-stack.ts')).toEqual([]);
  });

  it('finds a file of more than 250 lines', () => {
    expect(faultsOf('libs/db/src/pool.ts', 'x;\n'.repeat(251))).toEqual([
      'has 251 lines, at most 250 are allowed. Split it by use case.',
    ]);
    expect(faultsOf('libs/db/src/pool.ts', 'x;\n'.repeat(250))).toEqual([]);
  });

  it('lets tests and documents be longer', () => {
    expect(faultsOf('libs/db/src/pool.test.ts', 'x;\n'.repeat(300))).toEqual([]);
    expect(faultsOf('docs/glossary.md', 'x\n'.repeat(300))).toEqual([]);
  });

  it.each(['api', 'worker'])('names every room a repository of the %s misses', (app) => {
    expect(faultsOf(`apps/${app}/src/labels/label-repository.ts`)).toEqual([
      'has no pg-label-repository.ts beside it.',
      'has no memory-label-repository.ts beside it.',
      'has no label-repository-contract.ts beside it.',
    ]);
  });

  it('names every room a service misses', () => {
    expect(faultsOf('apps/api/src/labels/label-service.ts')).toEqual([
      'has no label-routes.ts beside it.',
      'has no label-schemas.ts beside it.',
      'has no label-errors.ts beside it.',
    ]);
  });

  it('names the room a job misses', () => {
    expect(faultsOf('apps/worker/src/storage-usage/storage-usage-job.ts')).toEqual([
      'has no storage-usage-job.test.ts beside it.',
    ]);
  });

  it('takes a feature that is complete', () => {
    const rooms = ['routes', 'schemas', 'service', 'errors', 'repository', 'repository-contract'].map(
      (room) => `label-${room}.ts`,
    );
    const files = [...rooms, 'label.ts', 'pg-label-repository.ts', 'memory-label-repository.ts'].map((name) => ({
      path: `apps/api/src/labels/${name}`,
      text: '',
    }));
    expect(checkLayout(files)).toEqual([]);
  });
});

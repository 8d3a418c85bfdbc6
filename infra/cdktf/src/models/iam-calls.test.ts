import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allow, mutated } from '../../test/policy/mutation.ts';
import { synthesized } from '../../test/synthesized.ts';
import { environmentNames } from '../environments/read-environment.ts';
import { calledActions, findIamDifferences, storageCalls } from './iam-calls.ts';

const libraries = join(__dirname, '../../../../libs');

/** Every command of S3 that a library sends, by its name. */
function commandsIn(library: string): readonly string[] {
  const sources = globSync(`${library}/src/**/*.ts`, { cwd: libraries, exclude: ['**/testing/**', '**/*.test.ts'] });
  const texts = sources.map((path) => readFileSync(join(libraries, path), 'utf8'));
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/\bnew (\w+)Command\(/g)].map(([, name = '']) => name))),
  ].sort();
}

describe('what service accounts may do', () => {
  it('is counted from the calls of the code', () => {
    expect(commandsIn('storage')).toEqual(Object.keys(storageCalls).sort());
  });

  it.each(environmentNames)('is what their programs call, no more and no less, in %s', (name) => {
    expect(findIamDifferences(synthesized(name), calledActions)).toEqual([]);
  });
});

describe('it would be found that', () => {
  const graph = synthesized('production');

  it('one may do what it does not need', () => {
    const statement = { Action: 's3:PutBucketPolicy', Resource: '*' };
    const generous = mutated(graph, allow('aws_iam_role_policy', statement, { at: /Identities\/Api\// }));
    expect(findIamDifferences(generous, calledActions)).toEqual([
      { serviceAccount: 'stowage/api', unused: ['s3:PutBucketPolicy'], missing: [] },
    ]);
  });

  it('one may not do what it needs', () => {
    const needy = { ...calledActions, 'stowage/migration': ['rds-db:connect', 's3:GetObject'] };
    expect(findIamDifferences(graph, needy)).toEqual([
      { serviceAccount: 'stowage/migration', unused: [], missing: ['s3:GetObject'] },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { spell } from '../naming.ts';
import { registerProblems } from './register-problems.ts';
import { registerRoutes } from './register-routes.ts';

const feature = { thing: spell('label'), plural: spell('labels') };

const catalog = `import type { HttpErrorCode } from './http-errors.ts';

export type ProblemCode =
  | HttpErrorCode
  | BucketErrorCode;

export const problemCatalog = {
  broken: { status: 500 },
};
`;

describe('registerProblems', () => {
  it('adds the codes and their entries', () => {
    const changed = registerProblems(catalog, feature);
    expect(changed).toContain("import type { LabelErrorCode } from '../labels/label-errors.ts';\n");
    expect(changed).toContain('  | BucketErrorCode\n  | LabelErrorCode;');
    expect(changed).toMatch(/'label-not-found': \{\s+status: 404/);
    expect(changed).toMatch(/'label-name-taken': \{\s+status: 409/);
  });

  it('leaves a catalog alone that it does not understand', () => {
    expect(registerProblems('export const problems = [];', feature)).toBeUndefined();
  });
});

describe('registerRoutes', () => {
  const composition = `import type { ApiSettings } from './config/api-config.ts';

const routes = [...bucketRoutes(buckets), ...others];
`;

  it('adds the routes', () => {
    const changed = registerRoutes(composition, feature.plural);
    expect(changed).toContain("import { composeLabels } from './compose-labels.ts';\n");
    expect(changed).toContain('[...bucketRoutes(buckets), ...composeLabels(db), ...others]');
  });

  it('leaves a composition alone that it does not understand', () => {
    expect(registerRoutes('const routes = [];', feature.plural)).toBeUndefined();
  });
});

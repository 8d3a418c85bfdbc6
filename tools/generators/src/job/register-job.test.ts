import { describe, expect, it } from '@jest/globals';
import { addToCatalog, addToComposition } from './register-job.ts';

describe('addToCatalog', () => {
  const entry = "  'new-job': { shards: 1 },\n";

  it('adds the entry behind the others, or as the first', () => {
    const full = "export const jobCatalog = {\n  'old-job': {},\n} as const satisfies X;\n";
    expect(addToCatalog(full, entry)).toBe(
      "export const jobCatalog = {\n  'old-job': {},\n  'new-job': { shards: 1 },\n} as const satisfies X;\n",
    );
    expect(addToCatalog('export const jobCatalog = {} as const satisfies X;\n', entry)).toBe(
      "export const jobCatalog = {\n  'new-job': { shards: 1 },\n} as const satisfies X;\n",
    );
  });

  it('leaves a catalog alone that it does not understand', () => {
    expect(addToCatalog('export const jobs = [];', entry)).toBeUndefined();
  });
});

describe('addToComposition', () => {
  const job = { imports: "import { A } from './a.ts';\n", entry: "  'new-job': () => new A('$1'),\n" };

  it('adds the import and the job', () => {
    const text =
      "import type { JobSet, WorkerStores } from './job-set.ts';\n\nconst jobs: X = {\n  'old-job': 1,\n};\n";
    expect(addToComposition(text, job)).toBe(
      "import type { JobSet, WorkerStores } from './job-set.ts';\nimport { A } from './a.ts';\n\nconst jobs: X = {\n  'new-job': () => new A('$1'),\n\n  'old-job': 1,\n};\n",
    );
  });

  it('leaves a composition alone that it does not understand', () => {
    expect(addToComposition('const jobs = [];', job)).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { renderProblemDocs } from './problem-docs.ts';

const catalog = {
  'name-taken': { status: 409, title: 'Name taken', detail: 'There is one already. Choose another.' },
  broken: { status: 500, title: 'Broken', detail: 'It failed.' },
};

describe('renderProblemDocs', () => {
  it('has a page for each problem and an index', () => {
    expect([...renderProblemDocs(catalog).keys()]).toEqual([
      'docs/problems/README.md',
      'docs/problems/broken.md',
      'docs/problems/name-taken.md',
    ]);
  });

  it('says what a problem means, its code and its status', () => {
    const page = renderProblemDocs(catalog).get('docs/problems/name-taken.md');
    expect(page).toContain('# Name taken\n');
    expect(page).toContain('Code `name-taken`, status 409.');
    expect(page).toContain('There is one already. Choose another.');
  });

  it('links every page from the index', () => {
    const index = renderProblemDocs(catalog).get('docs/problems/README.md');
    expect(index).toContain('| [name-taken](name-taken.md) | 409 | Name taken |');
    expect(index).toContain('| [broken](broken.md) | 500 | Broken |');
  });
});

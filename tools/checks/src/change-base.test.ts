import { describe, expect, it } from '@jest/globals';
import { findBase, type Git } from './change-base.ts';

/** A clone at commit `head`, which left origin/main at `fork`. */
function givenClone({ head = 'head', fork }: { head?: string; fork?: string } = {}): Git {
  return (command, ...args) => {
    if (command === 'merge-base') return fork;
    if (args.includes('HEAD')) return head;
    return args.at(-1)?.startsWith('known^') === true ? 'known' : undefined;
  };
}

describe('findBase', () => {
  it('takes the base that a variable names', () => {
    expect(findBase({ NX_BASE: 'known' }, givenClone())).toBe('known');
    expect(findBase({ CI_BASE: 'known' }, givenClone())).toBe('known');
  });

  it('refuses a base that this clone does not have', () => {
    expect(() => findBase({ CI_BASE: 'unknown' }, givenClone())).toThrow('"unknown" is no commit of this clone');
  });

  it('finds in CI where the branch left origin/main', () => {
    expect(findBase({ CI: 'true' }, givenClone({ fork: 'fork' }))).toBe('fork');
  });

  it('has none outside of CI, so that everything runs', () => {
    expect(findBase({}, givenClone({ fork: 'fork' }))).toBeUndefined();
  });

  it('has none when origin/main is what is checked out, or is unknown', () => {
    expect(findBase({ CI: 'true' }, givenClone({ fork: 'head' }))).toBeUndefined();
    expect(findBase({ CI: 'true' }, givenClone())).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { findSharedNumbers } from './numbered-files.ts';

describe('numbered files', () => {
  it('have a number each', () => {
    expect(findSharedNumbers(['docs/adr/0001-a.md', 'docs/adr/0002-b.md', 'libs/db/migrations/0001-c.sql'])).toEqual(
      [],
    );
  });

  it('are found when two share one', () => {
    expect(findSharedNumbers(['docs/adr/0001-a.md', 'docs/adr/0001-b.md'])).toEqual([
      { path: 'docs/adr/0001-b.md', message: 'has the number of 0001-a.md. Take the next free one.' },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { daysBefore, endOfDay, findMissingDays } from './usage-day.ts';

describe('findMissingDays', () => {
  const noon = new Date('2026-03-01T12:00:00Z');

  it('begins with yesterday', () => {
    expect(findMissingDays(undefined, noon)).toEqual(['2026-02-28']);
  });

  it('has every day after the latest measured one, oldest first', () => {
    expect(findMissingDays('2026-02-26', noon)).toEqual(['2026-02-27', '2026-02-28']);
  });

  it('has none when yesterday was measured', () => {
    expect(findMissingDays('2026-02-28', noon)).toEqual([]);
  });

  it('leaves a day that has only just ended for later', () => {
    expect(findMissingDays('2026-02-27', new Date('2026-03-01T00:09:59Z'))).toEqual([]);
    expect(findMissingDays('2026-02-27', new Date('2026-03-01T00:10:00Z'))).toEqual(['2026-02-28']);
  });

  it('goes back a year at most', () => {
    const days = findMissingDays('2020-01-01', noon);
    expect([days.length, days[0], days.at(-1)]).toEqual([366, '2025-02-28', '2026-02-28']);
  });
});

describe('a day', () => {
  it('ends when the next one begins', () => {
    expect(endOfDay('2026-02-28')).toEqual(new Date('2026-03-01T00:00:00Z'));
  });

  it('is some days after another', () => {
    expect(daysBefore('2026-03-01', 2)).toBe('2026-02-27');
  });
});

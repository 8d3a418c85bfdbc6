import { describe, expect, it } from '@jest/globals';
import { findLastMonth } from './sla-month.ts';

describe('findLastMonth', () => {
  it.each([
    ['2026-03-01T00:10:00Z', '2026-02', 28],
    ['2026-03-01T00:09:59Z', '2026-01', 31],
    ['2026-03-31T23:59:59Z', '2026-02', 28],
    ['2028-03-15T12:00:00Z', '2028-02', 29],
    ['2026-01-02T03:00:00Z', '2025-12', 31],
  ])('is at %s the month %s with %d days', (now, name, days) => {
    const month = findLastMonth(new Date(now));
    expect([month.name, month.dayEnds.length]).toEqual([name, days]);
    expect(month.start).toEqual(new Date(`${name}-01T00:00:00Z`));
    expect(month.dayEnds[0]).toEqual(new Date(`${name}-02T00:00:00Z`));
    expect(month.dayEnds.at(-1)).toEqual(month.end);
  });
});

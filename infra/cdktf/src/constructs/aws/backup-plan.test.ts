import { describe, expect, it } from '@jest/globals';
import { longestRetention } from './backup-plan.ts';

describe('the longest retention of a plan', () => {
  it('is that of its monthly backups, where there are any', () => {
    expect(longestRetention({ dailyDays: 35, monthlyMonths: 12 })).toBe(372);
    expect(longestRetention({ dailyDays: 7, monthlyMonths: 0 })).toBe(7);
  });
});

import { describe, expect, it } from '@jest/globals';
import { jobCatalog } from './job-catalog.ts';
import type { JobDescription } from './job.ts';

describe('the catalog', () => {
  const jobs = Object.entries<JobDescription>(jobCatalog);

  it('has names that are no other command', () => {
    for (const [name] of jobs) {
      expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(['help', 'list', 'history', 'forget']).not.toContain(name);
    }
  });

  it('has a schedule of five fields for each job, and one process for what cannot be shared', () => {
    for (const [name, { sharding, schedule }] of jobs) {
      expect({ name, cron: schedule.cron }).toEqual({
        name,
        cron: expect.stringMatching(/^[\d*/,-]+(?: [\d*/,-]+){4}$/),
      });
      expect(schedule.shards).toBeGreaterThanOrEqual(1);
      if (sharding === 'whole') expect({ name, shards: schedule.shards }).toEqual({ name, shards: 1 });
    }
  });

  it('describes each job in one sentence', () => {
    for (const [, { description }] of jobs) expect(description).toMatch(/^[A-Z][^\n]{10,120}\.$/);
  });
});

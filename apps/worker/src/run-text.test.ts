import { describe, expect, it } from '@jest/globals';
import type { JobDescription } from './job.ts';
import type { RunResult } from './run-result.ts';
import { historyLines, listLines, toJsonLine, toSentence } from './run-text.ts';

const result: RunResult = {
  id: '019a0000-0000-7000-8000-000000000000',
  job: 'collect-garbage',
  shard: { index: 0, count: 1 },
  dryRun: false,
  resumed: false,
  outcome: 'succeeded',
  complete: true,
  counts: { deleted: 12_345, skipped: 1 },
  bytes: 6_789,
  faults: 0,
  startedAt: new Date('2026-01-01T00:00:00Z'),
  finishedAt: new Date('2026-01-01T00:01:05Z'),
  error: undefined,
};

describe('toSentence', () => {
  it('says what was done', () => {
    expect(toSentence(result)).toBe('collect-garbage succeeded in 1:05; deleted 12,345, skipped 1, 6,789 bytes');
  });

  it('says that work is left, that damage was found, that nothing was done, and why it failed', () => {
    const shard = { index: 2, count: 4 };
    expect(toSentence({ ...result, shard, outcome: 'stopped', complete: false, faults: 2 })).toBe(
      'collect-garbage 2/4 stopped in 1:05; deleted 12,345, skipped 1, 6,789 bytes; found damaged: 2; the next run goes on',
    );
    const error = new Error('no route to postgres://me:secret@db/x');
    const failed = {
      ...result,
      dryRun: true,
      outcome: 'failed',
      complete: false,
      counts: {},
      bytes: 0,
      error,
    } as const;
    expect(toSentence(failed)).toBe(
      'collect-garbage (dry run) failed in 1:05: Error: no route to postgres://[Redacted]@db/x; nothing to do',
    );
  });
});

describe('toJsonLine', () => {
  it('is one line with all there is to know', () => {
    const line = toJsonLine({ ...result, error: new Error('a\nb') });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      ...{ id: result.id, job: 'collect-garbage', shard: '0/1', dryRun: false, resumed: false, outcome: 'succeeded' },
      ...{ complete: true, counts: { deleted: 12_345, skipped: 1 }, bytes: 6_789, faults: 0 },
      ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:01:05.000Z', durationSeconds: 65 },
      error: 'Error: a\nb',
    });
  });
});

describe('listLines', () => {
  const catalog: Readonly<Record<string, JobDescription>> = {
    'write-report': {
      description: 'Writes.',
      sharding: 'whole',
      outcomes: ['written'],
      schedule: { cron: '0 3 1 * *', shards: 1 },
    },
    count: {
      description: 'Counts.',
      sharding: 'sharded',
      outcomes: ['counted'],
      schedule: { cron: '0 * * * *', shards: 4 },
    },
  };

  it('is a table', () => {
    expect(listLines(catalog, false)).toEqual([
      'write-report  0 3 1 * *  whole     Writes.',
      'count         0 * * * *  4 shards  Counts.',
    ]);
  });

  it('is JSON for programs', () => {
    expect(listLines(catalog, true).map((line): unknown => JSON.parse(line))).toEqual(
      Object.entries(catalog).map(([name, description]) => ({ name, ...description })),
    );
  });
});

describe('historyLines', () => {
  it('is a table with a line for each run', () => {
    const { complete: _complete, resumed: _resumed, error: _error, ...record } = result;
    const running = {
      ...record,
      job: 'count',
      outcome: 'running',
      finishedAt: undefined,
      counts: {},
      bytes: 0,
    } as const;
    const failed = {
      ...record,
      outcome: 'failed',
      dryRun: true,
      faults: 1,
      error: 'Error: no',
      reported: true,
    } as const;
    const nothing = { counts: {}, bytes: 0, error: undefined, reported: undefined };
    expect(historyLines([{ ...running, ...nothing }, failed], false)).toEqual([
      '2026-01-01T00:00:00.000Z  count            0/1  running                 nothing to do',
      '2026-01-01T00:00:00.000Z  collect-garbage  0/1  failed (dry run)  1:05  deleted 12,345, skipped 1, 6,789 bytes; found damaged: 1; Error: no',
    ]);
  });
});

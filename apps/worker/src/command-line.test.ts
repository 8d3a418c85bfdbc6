import { describe, expect, it } from '@jest/globals';
import { parseCommandLine, type Command } from './command-line.ts';
import type { JobDescription } from './job.ts';

const schedule = { cron: '0 0 * * *', shards: 1 };
const catalog: Readonly<Record<string, JobDescription>> = {
  'count-files': { description: 'Counts.', sharding: 'sharded', outcomes: [], schedule },
  'write-report': { description: 'Writes.', sharding: 'whole', outcomes: [], schedule },
};

function parse(line: string, completionIndex?: string): Command {
  return parseCommandLine(line === '' ? [] : line.split(' '), { catalog, completionIndex });
}

const plainRun = { kind: 'run', job: 'count-files', shard: { index: 0, count: 1 }, dryRun: false, json: false };

describe('parseCommandLine', () => {
  it('reads a run', () => {
    expect(parse('count-files')).toEqual({ ...plainRun, limit: undefined });
    expect(parse('count-files --shard 3/8 --dry-run --limit 10 --json')).toEqual({
      ...{ kind: 'run', job: 'count-files', shard: { index: 3, count: 8 }, dryRun: true, limit: 10, json: true },
    });
    expect(parse('write-report --shard=0/1')).toMatchObject({ job: 'write-report', shard: { index: 0, count: 1 } });
  });

  it('takes the shard that Kubernetes gives', () => {
    expect(parse('count-files --shards 8', '7')).toMatchObject({ shard: { index: 7, count: 8 } });
  });

  it('reads the other commands', () => {
    expect(parse('list')).toEqual({ kind: 'list', json: false });
    expect(parse('list --json')).toEqual({ kind: 'list', json: true });
    expect(parse('history')).toEqual({ kind: 'history', job: undefined, limit: 20, json: false });
    expect(parse('history count-files --limit 3 --json')).toEqual({
      ...{ kind: 'history', job: 'count-files', limit: 3, json: true },
    });
  });

  it('reads which groups of metrics to forget', () => {
    const forget = { kind: 'forget', job: 'gone-job' };
    expect(parse('forget gone-job')).toEqual({ ...forget, shards: [{ index: 0, count: 1 }] });
    expect(parse('forget gone-job --shard 1/3')).toEqual({ ...forget, shards: [{ index: 1, count: 3 }] });
    expect(parse('forget gone-job --shards 2')).toEqual({
      ...forget,
      shards: [
        { index: 0, count: 2 },
        { index: 1, count: 2 },
      ],
    });
  });

  it.each(['help', '--help', '-h', 'count-files --help', 'list -h', 'history --help', 'forget -h'])(
    'shows help for "%s"',
    (line) => {
      expect(parse(line)).toEqual({ kind: 'help' });
    },
  );

  it.each([
    ['', 'Say what to run.'],
    ['--dry-run count-files', 'Say what to run before "--dry-run".'],
    ['count-fires', 'There is no job "count-fires". There are: count-files, write-report.'],
    ['toString', 'There is no job "toString". There are: count-files, write-report.'],
    ['history count-fires', 'There is no job "count-fires". There are: count-files, write-report.'],
    ['history count-files write-report', '"write-report" is one name too many: history shows one job or all.'],
    ['forget', 'Say which job to forget.'],
    ['forget gone-job too', '"too" is one name too many: one job is forgotten at a time.'],
    ['forget gone-job --shards 0', '--shards "0" is no shard: it reads i/n, with 0 ≤ i < n ≤ 1000.'],
    ['forget gone-job --shard 0/2 --shards 2', 'Give --shard or --shards, not both.'],
    ['count-files now', "Unexpected argument 'now'."],
    ['count-files --fast', "Unknown option '--fast'."],
    ['list --limit 3', "Unknown option '--limit'."],
    ['count-files --limit', "Option '--limit <value>' argument missing."],
    ['count-files --json=yes', "Option '--json' does not take an argument."],
    ['count-files --limit 0', '--limit "0" is no whole number above 0.'],
    ['count-files --limit 1e3', '--limit "1e3" is no whole number above 0.'],
    ['count-files --shard 4/4', '--shard "4/4" is no shard: it reads i/n, with 0 ≤ i < n ≤ 1000.'],
    ['count-files --shard 0/4 --shards 4', 'Give --shard or --shards, not both.'],
    ['write-report --shard 0/2', 'write-report is done by one process: it takes no shards.'],
  ])('refuses "%s": %s', (line, message) => {
    expect(() => parse(line)).toThrow(expect.objectContaining({ name: 'UsageError', message }));
  });

  it.each([
    [undefined, '--shards takes the index from JOB_COMPLETION_INDEX, which is not set. Give --shard i/n instead.'],
    ['', '--shards takes the index from JOB_COMPLETION_INDEX, which is not set. Give --shard i/n instead.'],
    ['4', '--shards "4" with JOB_COMPLETION_INDEX "4" is no shard: it reads i/n, with 0 ≤ i < n ≤ 1000.'],
    ['x', '--shards "4" with JOB_COMPLETION_INDEX "x" is no shard: it reads i/n, with 0 ≤ i < n ≤ 1000.'],
  ])('refuses --shards with the index %s', (completionIndex, message) => {
    expect(() => parse('count-files --shards 4', completionIndex)).toThrow(
      expect.objectContaining({ name: 'UsageError', message }),
    );
  });
});

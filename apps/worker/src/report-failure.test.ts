import { describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError } from '@stowage/db';
import { ConfigurationError } from '@stowage/settings';
import { BlobStoreUnavailableError } from '@stowage/storage';
import { reportFailure } from './report-failure.ts';
import { UsageError } from './usage-error.ts';

const url = 'postgres://user:secret-password@db/stowage';

describe('reportFailure', () => {
  it('2: says what is wrong with arguments and settings', () => {
    expect(reportFailure(new UsageError('Say what to run.'))).toEqual({
      message: 'Say what to run.\nSee worker --help.\n',
      exitCode: 2,
    });
    expect(reportFailure(new ConfigurationError('It is wrong.'))).toEqual({ message: 'It is wrong.\n', exitCode: 2 });
  });

  it('1: says what to do, without a trace, for what an operator can mend', () => {
    for (const error of [new DatabaseUnavailableError('connect-failed'), new BlobStoreUnavailableError('full')]) {
      const { message, exitCode } = reportFailure(error);
      expect(exitCode).toBe(1);
      expect(message).toMatch(/^The (?:database|blob store) cannot be .* Check .*\.\n$/);
    }
  });

  it('1: shows where it happened for what is our fault', () => {
    expect(reportFailure(new TypeError('x is not a function'))).toEqual({
      message: expect.stringMatching(/^TypeError: x is not a function\n {4}at /),
      exitCode: 1,
    });
  });

  it('shows no password', () => {
    for (const error of [
      new ConfigurationError(`Cannot use ${url}`),
      new Error(`Cannot use ${url}`),
      `thrown ${url}`,
    ]) {
      expect(reportFailure(error).message).not.toContain('secret-password');
    }
  });
});

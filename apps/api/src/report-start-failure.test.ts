import { describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError } from '@stowage/db';
import { ConfigurationError } from '@stowage/settings';
import { reportStartFailure } from './report-start-failure.ts';

describe('reportStartFailure', () => {
  it('says what to do, without a trace, for what an operator can mend', () => {
    expect(reportStartFailure(new ConfigurationError('Port 1 is taken.'))).toBe('Port 1 is taken.\n');
    const report = reportStartFailure(new DatabaseUnavailableError('connect-failed'));
    expect(report).toMatch(/^The database cannot be reached \(connect-failed\): .*\. Check that it runs .*\n$/);
    expect(report).not.toContain('    at ');
  });

  it('shows where it happened for what is our fault', () => {
    expect(reportStartFailure(new TypeError('x is not a function'))).toMatch(
      /^TypeError: x is not a function\n {4}at /,
    );
    expect(reportStartFailure('thrown text')).toBe('thrown text\n');
  });

  it('shows no password', () => {
    const url = 'postgres://user:secret-password@db/stowage';
    expect(reportStartFailure(new ConfigurationError(`Cannot use ${url}`))).not.toContain('secret-password');
    expect(reportStartFailure(new Error(`Cannot use ${url}`))).not.toContain('secret-password');
  });
});

import { describe, expect, it } from '@jest/globals';
import { DatabaseError, DatabaseUnavailableError, StatementTimeoutError } from './database-errors.ts';
import { leavesConnectionUsable, translateAcquireFailure, translateStatementFailure } from './translate-pg-error.ts';

const serverError = (code: string, severity = 'ERROR', message = 'said the server'): Error =>
  Object.assign(new Error(message), { code, severity, detail: 'Key (email)=(me@example.com) already exists.' });

describe('translateStatementFailure', () => {
  it.each([
    ['08006', 'connection-lost', true],
    ['57P01', 'shutting-down', true],
    ['57P02', 'shutting-down', true],
    ['25006', 'read-only', false],
    ['26000', 'stale-statement', false],
    ['53100', 'out-of-resources', false],
  ])('SQLSTATE %s: %s, may have run: %s', (code, reason, mayHaveRun) => {
    const error = translateStatementFailure(serverError(code), { statement: 'save', mayHaveRun: true });

    expect(error).toMatchObject({
      constructor: DatabaseUnavailableError,
      reason,
      mayHaveRun,
      statement: 'save',
      sqlState: code,
    });
  });

  it('a column whose type changed is no missing feature', () => {
    const stale = serverError('0A000', 'ERROR', 'cached plan must not change result type');

    expect(translateStatementFailure(stale, {})).toMatchObject({ reason: 'stale-statement' });
    expect(translateStatementFailure(serverError('0A000'), {})).not.toBeInstanceOf(DatabaseUnavailableError);
  });

  it('an unknown code keeps its number and loses its details', () => {
    const error = translateStatementFailure(serverError('42P01'), { statement: 'find' });

    expect(error).toMatchObject({ constructor: DatabaseError, message: 'statement find: failed with SQLSTATE 42P01' });
    expect(error.cause).not.toHaveProperty('detail');
  });

  it('what broke the connection says more than what came after', () => {
    const late = new Error('Client has encountered a connection error and is not queryable');

    expect(translateStatementFailure(late, { brokenBy: serverError('57P01', 'FATAL') })).toMatchObject({
      reason: 'shutting-down',
    });
    expect(translateStatementFailure(late, { brokenBy: new Error('read ECONNRESET') })).toMatchObject({
      reason: 'connection-lost',
      cause: expect.objectContaining({ message: 'read ECONNRESET' }),
    });
  });
});

describe('translateAcquireFailure', () => {
  it.each([
    [serverError('53300', 'FATAL'), 'too-many-connections'],
    [serverError('57P03', 'FATAL'), 'shutting-down'],
    [serverError('28P01', 'FATAL'), 'rejected'],
    [serverError('3D000', 'FATAL'), 'rejected'],
    [serverError('42501', 'FATAL'), 'rejected'],
    [new Error('timeout exceeded when trying to connect'), 'pool-exhausted'],
    [new Error('timeout expired'), 'connect-timeout'],
    [new Error('Connection terminated due to connection timeout'), 'connect-timeout'],
    [new Error('connect ECONNREFUSED 127.0.0.1:5432'), 'connect-failed'],
  ])('%s: %s', (error, reason) => {
    expect(translateAcquireFailure(error)).toMatchObject({
      constructor: DatabaseUnavailableError,
      reason,
      mayHaveRun: false,
    });
  });
});

describe('leavesConnectionUsable', () => {
  const usable = (error: Error, readOnly = false): boolean =>
    leavesConnectionUsable(error, translateStatementFailure(error, { readOnly }));

  it('yes after an answer that concerns the statement alone', () => {
    expect(usable(serverError('23505'))).toBe(true);
    expect(usable(serverError('57014'))).toBe(true);
    expect(usable(serverError('25006'), true)).toBe(true);
    expect(usable(serverError('53100'))).toBe(true);
    expect(translateStatementFailure(serverError('57014'), {})).toBeInstanceOf(StatementTimeoutError);
  });

  it('no after the last words of a session, an old primary, a stale statement or the driver’s own fault', () => {
    expect(usable(serverError('57P01', 'FATAL'))).toBe(false);
    expect(usable(serverError('25006'))).toBe(false);
    expect(usable(serverError('26000'))).toBe(false);
    expect(usable(new Error('Query read timeout'))).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { errorRecord } from './error-record.ts';

describe('errorRecord', () => {
  it('tells type, message, stack and code, and no other property', () => {
    const error = Object.assign(new TypeError('no'), { code: 'E_NO', detail: 'Key (email)=(ada@example.com)' });
    const record = errorRecord(error);
    expect(record).toEqual({ type: 'TypeError', message: 'no', code: 'E_NO', stack: error.stack });
  });

  it('follows the causes', () => {
    const error = new Error('outer', { cause: new Error('middle', { cause: 'inner' }) });
    expect(errorRecord(error)).toMatchObject({
      message: 'outer',
      cause: { message: 'middle', cause: { type: 'string', message: 'inner' } },
    });
  });

  it('ends with a cause that is its own', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(JSON.stringify(errorRecord(error)).match(/"message"/g)).toHaveLength(6);
  });

  it('lists the members of an AggregateError', () => {
    const record = errorRecord(new AggregateError([new Error('a'), new Error('b')], 'both'));
    expect(record.errors?.map(({ message }) => message)).toEqual(['a', 'b']);
  });

  it('cuts secrets out of messages and stacks', () => {
    const record = errorRecord(new Error('cannot reach postgres://ada:hunter2@db/x'));
    expect(JSON.stringify(record)).not.toContain('hunter2');
    expect(record.message).toBe('cannot reach postgres://[Redacted]@db/x');
  });

  it('says little of a thrown value that is no error', () => {
    expect(errorRecord({ password: 'hunter2' })).toEqual({ type: 'object', message: 'thrown value of type object' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { rootCause } from './root-cause.ts';

describe('rootCause', () => {
  it('goes down the chain of causes', () => {
    const refused = new Error('connect ECONNREFUSED 127.0.0.1:1');
    expect(rootCause(new Error('unavailable', { cause: new Error('no connection', { cause: refused }) }))).toBe(
      'connect ECONNREFUSED 127.0.0.1:1',
    );
    expect(rootCause(new Error('alone'))).toBe('alone');
  });

  it('takes the first of several, and passes over those that say nothing', () => {
    const both = new AggregateError([new Error('connect ECONNREFUSED ::1:1'), new Error('other')]);
    expect(rootCause(new Error('unavailable', { cause: both }))).toBe('connect ECONNREFUSED ::1:1');
    expect(rootCause(new Error('unavailable', { cause: new Error('') }))).toBe('unavailable');
    expect(rootCause(new Error('unavailable', { cause: 'a text' }))).toBe('unavailable');
  });

  it('ends where causes go round, and shows no secrets', () => {
    const first = new Error('first');
    first.cause = new Error('cannot use postgres://me:secret@db/x', { cause: first });
    expect(rootCause(first)).toBe('cannot use postgres://[Redacted]@db/x');
  });
});

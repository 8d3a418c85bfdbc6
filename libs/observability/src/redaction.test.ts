import { describe, expect, it } from '@jest/globals';
import { Redactor } from './redaction.ts';

class Client {
  readonly apiKey = 'hunter2';
}

function redact(fields: object): Record<string, unknown> {
  return new Redactor().redact(fields);
}

describe('Redactor', () => {
  it('withholds values of secret names at any depth', () => {
    const line = redact({
      token: 'hunter2',
      headers: { Authorization: 'hunter2', accept: '*/*' },
      a: { b: { c: [{ password: 'hunter2', ok: 1 }] } },
    });
    expect(line).toEqual({
      token: '[Redacted]',
      headers: { Authorization: '[Redacted]', accept: '*/*' },
      a: { b: { c: [{ password: '[Redacted]', ok: 1 }] } },
    });
  });

  it('withholds whole values, whatever their type', () => {
    expect(
      redact({ key: { bucket: 'b' }, keys: ['a'], secret: 7, token: undefined, link: null, cookie: true }),
    ).toEqual({
      key: '[Redacted]',
      keys: '[Redacted]',
      secret: '[Redacted]',
      link: null,
      cookie: true,
    });
  });

  it('withholds further names on request', () => {
    expect(new Redactor({ secretFields: ['fileName'] }).redact({ FILENAME: 'cat.png' })).toEqual({
      FILENAME: '[Redacted]',
    });
  });

  it('cuts secrets out of strings', () => {
    expect(redact({ url: 'redis://:hunter2@cache' })).toEqual({ url: 'redis://[Redacted]@cache' });
  });

  it('names objects of classes and does not open them', () => {
    expect(redact({ client: new Client(), bytes: Buffer.from('hunter2'), map: new Map([['a', 1]]) })).toEqual({
      client: '[Client]',
      bytes: '[Buffer]',
      map: '[Map]',
    });
  });

  it('keeps dates, URLs, big integers, null, and drops what JSON cannot say', () => {
    const line = redact({
      at: new Date(0),
      url: new URL('https://a:hunter2@b/'),
      big: 10n,
      none: null,
      call: () => 1,
      bad: new Date(Number.NaN),
    });
    expect(line).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      url: 'https://[Redacted]@b/',
      big: '10',
      none: null,
      bad: 'Invalid Date',
    });
  });

  it('cuts cycles, depth and size', () => {
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle.self = cycle;
    expect(JSON.stringify(redact({ cycle }))).toContain('[Cut]');
    const wide = redact({ list: Array.from({ length: 5_000 }, (_unused, index) => index), after: 1 });
    expect(JSON.stringify(wide).length).toBeLessThan(10_000);
    expect(wide.after).toBe('[Cut]');
  });

  it('gives each line its own size limit', () => {
    const redactor = new Redactor();
    redactor.redact({ list: new Array<number>(5_000).fill(0) });
    expect(redactor.redact({ after: 1 })).toEqual({ after: 1 });
  });

  it('leaves the argument as it is', () => {
    const fields = { password: 'hunter2', nested: { token: 'hunter2' } };
    redact(fields);
    expect(fields).toEqual({ password: 'hunter2', nested: { token: 'hunter2' } });
  });

  it('renames fields that would stand in for ours', () => {
    expect(redact({ level: 'fake', time: 1, message: 'fake' })).toEqual({ level_: 'fake', time_: 1, message_: 'fake' });
  });

  it('is not fooled by __proto__', () => {
    const line = redact(JSON.parse('{"__proto__":{"polluted":1},"a":1}') as object);
    expect(line).toEqual({ a: 1 });
    expect(Object.getPrototypeOf(line)).toBe(Object.prototype);
  });
});

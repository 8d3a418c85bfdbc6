import { describe, expect, it } from '@jest/globals';
import { parseEnvFile, renderEnvFile } from './env-file.ts';

describe('env file', () => {
  it('holds one variable a line and leaves out what has no value', () => {
    expect(renderEnvFile({ DATABASE_URL: 'postgres://a@127.0.0.1:1/b', REDIS_URL: undefined })).toBe(
      'DATABASE_URL=postgres://a@127.0.0.1:1/b\n',
    );
  });

  it('gives back what was put in, also with blanks, number signs and equals signs', () => {
    const variables = { BLOB_DIRECTORY: '/home/a b/#1/ü', TEST_URL: 'http://h/?a=b', TEST_QUOTE: "it's" };
    expect(parseEnvFile(renderEnvFile(variables))).toEqual(variables);
  });

  it('refuses a value that the format cannot hold', () => {
    expect(() => renderEnvFile({ BLOB_DIRECTORY: '/a"b' })).toThrow(/quote/);
    expect(() => renderEnvFile({ BLOB_DIRECTORY: '/a\nREDIS_URL=x' })).toThrow(/line break/);
  });

  it('passes over lines that are no variables', () => {
    expect(parseEnvFile('# comment\n\nA=1\nbroken\n')).toEqual({ A: '1' });
  });
});

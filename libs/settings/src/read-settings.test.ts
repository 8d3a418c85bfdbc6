import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigurationError, readSettings } from './read-settings.ts';

const schema = z.object({
  PORT: z.coerce.number().int().default(80),
  URL: z.url().optional(),
});

describe('readSettings', () => {
  it('reads what is set and has defaults for the rest, empty variables included', () => {
    expect(readSettings(schema, { PORT: '', URL: 'http://db/', OTHER: 'x' })).toEqual({ PORT: 80, URL: 'http://db/' });
  });

  it('names every fault at once, what is malformed and what is missing, and no value', () => {
    const read = (): unknown =>
      readSettings(schema, { PORT: 'secret', URL: 'secret' }, { findFaults: () => ['NAME: required'] });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(
      /^The configuration is wrong\..*\n {2}PORT: must be a number\n {2}URL: .*\n {2}NAME: required$/,
    );
    expect(read).not.toThrow(/secret/);
  });

  it('asks for faults with the variables that are set', () => {
    const seen: unknown[] = [];
    const findFaults = (present: object): readonly string[] => (seen.push(present), []);
    readSettings(schema, { PORT: '1', URL: '', OTHER: undefined }, { findFaults });
    expect(seen).toEqual([{ PORT: '1' }]);
  });
});

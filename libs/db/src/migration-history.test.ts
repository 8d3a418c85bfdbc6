import { describe, expect, it } from '@jest/globals';
import { MigrationError } from './migration-error.ts';
import type { MigrationFile } from './migration-files.ts';
import { pendingAfter, refuseNewer } from './migration-history.ts';

const file = (version: number, name = `000${version}-create-t.sql`, checksum = `sum ${version}`): MigrationFile => ({
  version,
  name,
  checksum,
  statements: [],
  inTransaction: true,
});

describe('migration history', () => {
  it('names what the database has not seen', () => {
    expect(pendingAfter([file(1)], [file(1), file(2), file(3)])).toEqual([file(2), file(3)]);
    expect(pendingAfter([], [])).toEqual([]);
  });

  it('refuses another text under a known version', () => {
    const edited = file(1, '0001-create-t.sql', 'other');
    const renamed = file(1, '0001-drop-t.sql', 'other');

    expect(() => pendingAfter([file(1)], [edited])).toThrow('0001-create-t.sql was changed after it had been applied');
    expect(() => pendingAfter([file(1)], [renamed])).toThrow(
      '0001-drop-t.sql was 0001-create-t.sql when it had been applied',
    );
  });

  it('refuses a hole in what was applied', () => {
    expect(() => pendingAfter([file(1), file(3)], [file(1), file(2), file(3)])).toThrow(
      'the database lacks 0002-create-t.sql, but has 0003-create-t.sql',
    );
  });

  it('refuses a database that is newer than the files', () => {
    expect(() => refuseNewer([file(1), file(2)], [file(1)])).toThrow(MigrationError);
    expect(() => refuseNewer([file(1)], [])).toThrow('the newest migration here is none');
    refuseNewer([file(1)], [file(1), file(2)]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { EnvironmentName } from './environment.ts';
import { environmentNamed, readEnvironments } from './read-environment.ts';
import { findUnsupported } from './support-calendar.ts';

const environments = readEnvironments();
const [dev] = environments;

describe('the support calendar', () => {
  // Fails on a day, by intention: that day somebody must begin an upgrade.
  it.each(environments)('has two months left for all that $name runs', (environment) => {
    expect(findUnsupported(environment, new Date())).toEqual([]);
  });

  it.each([
    ['2027-01-25', []],
    ['2027-01-26', ['standard support of Kubernetes 1.35 ends on 2027-03-27, in 60 days']],
    ['2027-03-28', ['standard support of Kubernetes 1.35 ended on 2027-03-27']],
  ])('says on %s what must be upgraded', (day, expected) => {
    const found = dev === undefined ? [] : findUnsupported(dev, new Date(`${day}T00:00:00Z`));
    expect(found.map(({ message }) => message.replace(/:.*$/, ''))).toEqual(expected);
  });

  it('knows what runs the canary, where there is one', () => {
    const late = new Date('2027-03-15');
    const paths = (name: EnvironmentName) => findUnsupported(environmentNamed(name), late).map(({ path }) => path);
    expect(paths('production')).toContain('operations.canary');
    expect(paths('dev')).not.toContain('operations.canary');
  });

  it('wants to know every version', () => {
    const unknown = dev && { ...dev, database: { ...dev.database, majorVersion: '16' } };
    expect(unknown && findUnsupported(unknown, new Date('2026-12-01'))).toEqual([
      {
        path: 'database.majorVersion',
        message: 'PostgreSQL 16 is not in the support calendar: add when its support ends.',
      },
    ]);
  });
});

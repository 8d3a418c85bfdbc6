import { describe, expect, it } from '@jest/globals';
import { combine, type Metric } from './metric.ts';

const metric = (id: string): Metric => ({
  namespace: 'AWS/RDS',
  name: 'CPU',
  dimensions: { id },
  statistic: 'Maximum',
});

describe('combine', () => {
  it('takes one resource as it is', () => {
    expect(combine('MAX', [metric('a')])).toEqual(metric('a'));
  });

  it.each([
    ['MAX', 'MAX([FILL(m0,0),FILL(m1,0)])'],
    ['SUM', 'FILL(m0,0)+FILL(m1,0)'],
  ] as const)('makes one value of several by %s, silent ones counting as zero', (how, expression) => {
    expect(combine(how, [metric('a'), metric('b')])).toEqual({
      expression,
      metrics: { m0: metric('a'), m1: metric('b') },
    });
  });

  it('refuses none, and more than an alarm may look at', () => {
    expect(() => combine('MAX', [])).toThrow('1 to 10 metrics, not 0');
    expect(() =>
      combine(
        'MAX',
        Array.from({ length: 11 }, (_, index) => metric(`m${index}`)),
      ),
    ).toThrow('not 11');
  });
});

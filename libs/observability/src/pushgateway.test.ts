import { describe, expect, it } from '@jest/globals';
import { InvalidGroupingError, Pushgateway } from './pushgateway.ts';
import type { PushGrouping } from './pushgateway.ts';

describe('Pushgateway', () => {
  it.each<[string, PushGrouping]>([
    ['an empty job', { job: '' }],
    ['an empty value', { job: 'tidy', env: '' }],
    ['a name with a dash', { job: 'tidy', 'my-env': 'test' }],
    ['an empty name', { job: 'tidy', '': 'test' }],
    ['a name that Prometheus keeps for itself', { job: 'tidy', __name__: 'test' }],
  ])('refuses %s', (_case, grouping) => {
    expect(() => new Pushgateway({ url: 'http://127.0.0.1:9091', grouping })).toThrow(InvalidGroupingError);
  });
});

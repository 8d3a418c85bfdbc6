import { describe, expect, it } from '@jest/globals';
import { mutated, set } from '../../test/policy/mutation.ts';
import { synthesized } from '../../test/synthesized.ts';
import { environmentNames } from '../environments/read-environment.ts';
import { apiTimings } from './service-timings.ts';
import { findDowntimeFaults } from './zero-downtime.ts';

describe('the times of the API', () => {
  it.each(environmentNames)('fit together with the edge of %s', (name) => {
    expect(findDowntimeFaults(synthesized(name), apiTimings)).toEqual([]);
  });
});

describe('it would be found that', () => {
  const graph = synthesized('production');

  it.each([
    ['the balancer outlasts the server', set('aws_lb', ['idle_timeout', 75]), 'which would close first'],
    [
      'requests are cut while the pod still serves',
      set('aws_lb_target_group', ['deregistration_delay', '10']),
      'are cut after',
    ],
    ['the pod is killed before', set('aws_lb_target_group', ['deregistration_delay', '90']), 'is killed after'],
    [
      'a check takes longer than the next',
      set('aws_lb_target_group', ['health_check.timeout', 15]),
      'health check takes',
    ],
    [
      'nobody gets the requests',
      set('aws_lb_listener', ['default_action.forward.target_group', [{ weight: 0 }]], {
        having: { protocol: 'HTTPS' },
      }),
      'not 100',
    ],
  ])('%s', (_what, mutation, fault) => {
    expect(findDowntimeFaults(mutated(graph, mutation), apiTimings).join()).toContain(fault);
  });

  it('a pod has no time to end', () => {
    expect(findDowntimeFaults(graph, { ...apiTimings, gracePeriod: 40 }).join()).toContain('A pod needs 45 s');
  });
});

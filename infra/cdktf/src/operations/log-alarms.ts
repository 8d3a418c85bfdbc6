import type { AlarmDefinition } from '../constructs/aws/alarm.ts';
import type { Metric } from '../constructs/aws/metric.ts';

/** Lines of level `error`: a person must act. Fluent Bit puts what a program printed into `log_processed`. */
export const faultPattern = '{ $.log_processed.level = "error" }';

/** The alarm on such lines. */
export function faultAlarm(measure: Metric): AlarmDefinition {
  return {
    name: 'faults-logged',
    summary: 'A program has logged an error, which means that a person must act.',
    severity: 'ticket',
    measure,
    limit: { above: 0 },
    ...{ periodSeconds: 300, periods: [1, 1], silence: 'well' },
  };
}

import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm/index.js';
import { Construct } from 'constructs';
import { resourcesOf } from '../../cdktf.ts';
import { BaseStack } from '../../stacks/base-stack.ts';
import { describe, type Alarm, type Severity } from './alarm.ts';
import type { AlertTopic } from './alert-topic.ts';

export interface CompositeAlarmProps {
  /** Last part of the name, and name of its page in docs/runbooks. */
  readonly name: string;
  /** What is wrong when it goes off: one sentence. */
  readonly summary: string;
  readonly severity: Severity;
  /** Goes off when one of these does. */
  readonly anyOf: readonly Alarm[];
  readonly alerts: AlertTopic;
}

/** One message for what several alarms say together. */
export class CompositeAlarm extends Construct {
  readonly alarmName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, summary, severity, anyOf, alerts }: CompositeAlarmProps) {
    super(scope, id);
    if (anyOf.length === 0) throw new Error(`The alarm "${name}" asks no other alarm.`);
    this.alarmName = BaseStack.of(this).resourceName(name);
    const alarm = new CloudwatchCompositeAlarm(this, 'Resource', {
      alarmName: this.alarmName,
      alarmDescription: describe(summary, name),
      alarmRule: anyOf.map(({ alarmName }) => `ALARM("${alarmName}")`).join(' OR '),
      actionsEnabled: true,
      alarmActions: [alerts.arn],
      okActions: [alerts.arn],
      tags: { Severity: severity },
      // CloudWatch refuses a rule that names an alarm it does not know.
      dependsOn: resourcesOf(...anyOf),
    });
    this.arn = alarm.arn;
  }
}

import { textsAt } from '../attributes.ts';
import type { PolicyRule } from '../rule.ts';

/** What an account must raise an alarm on, and a word of the event that its filter must look for. */
const watched: readonly (readonly [id: string, what: string, sign: RegExp])[] = [
  ['AWS-0147', 'calls that were refused', /UnauthorizedOperation/],
  ['AWS-0148', 'sign-ins without a second factor', /MFAUsed/],
  ['AWS-0149', 'use of the root user', /userIdentity\.type\s*=\s*"?Root/],
  ['AWS-0150', 'changes of IAM policies', /(?:Put|Attach)RolePolicy/],
  ['AWS-0151', 'changes of CloudTrail', /StopLogging/],
  ['AWS-0152', 'failed sign-ins', /Failed authentication/],
  ['AWS-0153', 'keys that are disabled or deleted', /ScheduleKeyDeletion/],
  ['AWS-0154', 'changes of bucket policies', /PutBucketPolicy/],
  ['AWS-0155', 'changes of AWS Config', /StopConfigurationRecorder/],
  ['AWS-0156', 'changes of security groups', /AuthorizeSecurityGroupIngress/],
  ['AWS-0157', 'changes of network ACLs', /CreateNetworkAcl/],
  ['AWS-0158', 'changes of gateways', /(?:Attach|Create)InternetGateway/],
  ['AWS-0159', 'changes of routes', /CreateRoute/],
  ['AWS-0160', 'changes of networks', /CreateVpc\b/],
  ['AWS-0174', 'changes of the organization', /organizations\.amazonaws\.com/],
];

/** Alarms of the CIS benchmark of AWS accounts: a filter over the trail, and an alarm on what it counts. */
export const accountAlarmRules: readonly PolicyRule[] = watched.map(([id, what, sign]) => ({
  ids: [id],
  title: `raises an alarm on ${what}`,
  check: (graph) => {
    const counted = graph
      .ofType('aws_cloudwatch_log_metric_filter')
      .filter(({ attributes }) => textsAt(attributes, 'pattern').some((pattern) => sign.test(pattern)))
      .flatMap(({ attributes }) => textsAt(attributes, 'metric_transformation.name'));
    const isWatched = graph
      .ofType('aws_cloudwatch_metric_alarm')
      .some(({ attributes }) => textsAt(attributes, 'metric_name').some((name) => counted.includes(name)));
    return isWatched ? [] : [{ path: 'aws_cloudwatch_metric_alarm' }];
  },
}));

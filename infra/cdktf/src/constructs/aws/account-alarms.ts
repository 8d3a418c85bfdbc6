import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import { product } from '../../resource-name.ts';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AlertTopic } from './alert-topic.ts';
import type { LogGroup } from './log-group.ts';

/** Something in the trail that somebody is to look at. */
interface WatchedEvent {
  /** Last part of the names of metric and alarm. */
  readonly name: string;
  readonly description: string;
  /** In the language of CloudWatch's metric filters. */
  readonly pattern: string;
}

/** Alarms of the CIS benchmark for AWS accounts, version 1.4, section 4. */
export const watchedEvents: readonly WatchedEvent[] = [
  {
    name: 'refused-calls',
    description: 'Somebody tries what they may not do',
    pattern: '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
  },
  {
    name: 'sign-in-without-mfa',
    description: 'Somebody signed in to the console without a second factor',
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  },
  {
    name: 'root-user',
    description: 'The root user was used',
    pattern:
      '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
  },
  {
    name: 'failed-sign-ins',
    description: 'Somebody signs in with a wrong password',
    pattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
  },
  calls('iam-changes', 'Who may do what was changed', {
    names: [
      ...['AttachGroupPolicy', 'AttachRolePolicy', 'AttachUserPolicy', 'CreatePolicy', 'CreatePolicyVersion'],
      ...['DeleteGroupPolicy', 'DeletePolicy', 'DeletePolicyVersion', 'DeleteRolePolicy', 'DeleteUserPolicy'],
      ...['DetachGroupPolicy', 'DetachRolePolicy', 'DetachUserPolicy'],
      ...['PutGroupPolicy', 'PutRolePolicy', 'PutUserPolicy'],
    ],
  }),
  calls('trail-changes', 'The record of who did what was changed', {
    names: ['CreateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'UpdateTrail'],
  }),
  calls('key-removal', 'A key was disabled or is to be deleted', {
    source: 'kms.amazonaws.com',
    names: ['DisableKey', 'ScheduleKeyDeletion'],
  }),
  calls('bucket-policy-changes', 'Who may use a bucket, or what it forgets, was changed', {
    source: 's3.amazonaws.com',
    names: [
      ...['DeleteBucketCors', 'DeleteBucketLifecycle', 'DeleteBucketPolicy', 'DeleteBucketReplication'],
      ...['PutBucketAcl', 'PutBucketCors', 'PutBucketLifecycle', 'PutBucketPolicy', 'PutBucketReplication'],
    ],
  }),
  calls('config-changes', 'The record of settings was changed', {
    source: 'config.amazonaws.com',
    names: [
      ...['DeleteDeliveryChannel', 'PutConfigurationRecorder', 'PutDeliveryChannel', 'StopConfigurationRecorder'],
    ],
  }),
  calls('security-group-changes', 'Who may connect to what was changed', {
    names: [
      ...['AuthorizeSecurityGroupEgress', 'AuthorizeSecurityGroupIngress', 'CreateSecurityGroup'],
      ...['DeleteSecurityGroup', 'RevokeSecurityGroupEgress', 'RevokeSecurityGroupIngress'],
    ],
  }),
  calls('network-acl-changes', 'What passes between subnets was changed', {
    names: [
      ...['CreateNetworkAcl', 'CreateNetworkAclEntry', 'DeleteNetworkAcl', 'DeleteNetworkAclEntry'],
      ...['ReplaceNetworkAclAssociation', 'ReplaceNetworkAclEntry'],
    ],
  }),
  calls('gateway-changes', 'A way to the internet was changed', {
    names: [
      ...['AttachInternetGateway', 'CreateCustomerGateway', 'CreateInternetGateway', 'DeleteCustomerGateway'],
      ...['DeleteInternetGateway', 'DetachInternetGateway'],
    ],
  }),
  calls('route-changes', 'Where traffic goes was changed', {
    names: [
      ...['CreateRoute', 'CreateRouteTable', 'DeleteRoute', 'DeleteRouteTable', 'DisassociateRouteTable'],
      ...['ReplaceRoute', 'ReplaceRouteTableAssociation'],
    ],
  }),
  calls('vpc-changes', 'A network was changed', {
    names: [
      ...['AcceptVpcPeeringConnection', 'CreateVpc', 'CreateVpcPeeringConnection', 'DeleteVpc'],
      ...['DeleteVpcPeeringConnection', 'ModifyVpcAttribute', 'RejectVpcPeeringConnection'],
    ],
  }),
  {
    name: 'organization-changes',
    description: 'The organization of the account was changed',
    pattern: '{ $.eventSource = "organizations.amazonaws.com" && $.readOnly IS FALSE }',
  },
];

export interface AccountAlarmsProps {
  /** What CloudTrail writes to. */
  readonly trail: LogGroup;
  readonly alerts: AlertTopic;
}

/** Tells of what should hardly ever happen in an account. */
export class AccountAlarms extends Construct {
  constructor(scope: Construct, id: string, { trail, alerts }: AccountAlarmsProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    for (const { name, description, pattern } of watchedEvents) {
      const metric = { name: stack.resourceName(name), namespace: `${product}/audit` };
      new CloudwatchLogMetricFilter(this, `Filter-${name}`, {
        name: metric.name,
        logGroupName: trail.groupName,
        pattern,
        metricTransformation: { ...metric, value: '1', defaultValue: '0' },
      });
      new CloudwatchMetricAlarm(this, `Alarm-${name}`, {
        alarmName: stack.resourceName(`audit-${name}`),
        alarmDescription: `${description}. What to do: docs/runbooks/audit-event.md`,
        ...{ metricName: metric.name, namespace: metric.namespace, statistic: 'Sum', period: 300 },
        comparisonOperator: 'GreaterThanOrEqualToThreshold',
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: 'notBreaching',
        alarmActions: [alerts.arn],
        okActions: [alerts.arn],
      });
    }
  }
}

function calls(
  name: string,
  description: string,
  { source, names }: { readonly source?: string; readonly names: readonly string[] },
): WatchedEvent {
  const anyOf = names.map((event) => `($.eventName = ${event})`).join(' || ');
  return {
    name,
    description,
    pattern: source === undefined ? `{ ${anyOf} }` : `{ ($.eventSource = ${source}) && (${anyOf}) }`,
  };
}

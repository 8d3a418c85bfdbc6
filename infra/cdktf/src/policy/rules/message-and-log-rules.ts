import { numberAt, textsAt } from '../attributes.ts';
import { admitsAnybody, grantsOf } from '../policy-statements.ts';
import type { GraphResource } from '../resource-graph.ts';
import { each, targetsOf, type PolicyRule, type RuleName } from '../rule.ts';

const logGroup = 'aws_cloudwatch_log_group';
const topic = 'aws_sns_topic';
const queue = 'aws_sqs_queue';

/** Logs, alarms, topics, queues. */
export const messageAndLogRules: readonly PolicyRule[] = [
  each(logGroup, {
    ids: ['CKV_AWS_66'],
    title: 'is not kept for ever',
    holds: ({ attributes }) => (numberAt(attributes, 'retention_in_days') ?? 0) > 0,
  }),
  each(logGroup, {
    ids: ['CKV_AWS_338'],
    title: 'is kept for a year',
    holds: ({ attributes }) => (numberAt(attributes, 'retention_in_days') ?? 0) >= 365,
  }),
  each(logGroup, {
    ids: ['CKV_AWS_158', 'AWS-0017'],
    title: 'is encrypted with a key of ours',
    holds: ({ attributes }) => typeof attributes.kms_key_id === 'string',
  }),
  each('aws_cloudwatch_metric_alarm', {
    ids: ['CKV_AWS_319'],
    title: 'tells somebody',
    holds: ({ attributes }) => attributes.actions_enabled !== false && textsAt(attributes, 'alarm_actions').length > 0,
  }),
  each(['aws_cloudwatch_metric_alarm', 'aws_cloudwatch_composite_alarm'], {
    ids: ['Stowage alarm-ends'],
    title: 'tells when it is over',
    holds: ({ attributes }) => textsAt(attributes, 'ok_actions').length > 0,
  }),
  each('aws_cloudwatch_metric_alarm', {
    ids: ['Stowage alarm-missing-data'],
    title: 'says what silence means',
    holds: ({ attributes }) => attributes.treat_missing_data !== undefined,
  }),
  each(topic, {
    ids: ['CKV_AWS_26', 'AWS-0095', 'AWS-0136', 'FSBP SNS.1'],
    title: 'is encrypted with a key of ours, which alarms may use',
    holds: ({ attributes }) =>
      typeof attributes.kms_master_key_id === 'string' && !attributes.kms_master_key_id.includes('alias/aws/'),
  }),
  narrow(['aws_sns_topic_policy'], {
    ids: ['CKV_AWS_169', 'CKV_AWS_385', 'FSBP SNS.4'],
    title: 'lets only named services and roles publish',
  }),
  each(topic, {
    ids: ['FSBP SNS.2'],
    title: 'records what it could not deliver',
    holds: ({ attributes }) =>
      Object.entries(attributes).some(
        ([name, value]) => name.endsWith('_failure_feedback_role_arn') && value !== undefined,
      ),
  }),
  each('aws_cloudwatch_event_target', {
    ids: ['Stowage events-use-key'],
    title: 'may use the key of its topic: EventBridge names no account to KMS, so no condition may ask for one',
    holds: (target, graph) =>
      targetsOf(target, graph)
        .filter(({ type }) => type === topic)
        .map((encrypted) => graph.targetOf(encrypted, 'kms_master_key_id'))
        .every((key) => key === undefined || admitsEvents(key)),
  }),
  each(queue, {
    ids: ['CKV_AWS_27', 'CKV2_AWS_73', 'AWS-0096', 'AWS-0135', 'FSBP SQS.1'],
    title: 'is encrypted with a key of ours',
    holds: ({ attributes }) =>
      typeof attributes.kms_master_key_id === 'string' && !attributes.kms_master_key_id.includes('alias/aws/'),
  }),
  narrow([queue, 'aws_sqs_queue_policy'], {
    ids: ['CKV_AWS_72', 'CKV_AWS_168', 'CKV_AWS_387', 'AWS-0097', 'FSBP SQS.3'],
    title: 'is open to named services and roles alone',
  }),
];

function narrow(types: readonly string[], name: RuleName): PolicyRule {
  return each(types, {
    ...name,
    holds: (resource) =>
      grantsOf(resource, 'policy').every(
        (statement) => !admitsAnybody(statement) && statement.actions.every((action) => !action.endsWith('*')),
      ),
  });
}

function admitsEvents(key: GraphResource): boolean {
  return grantsOf(key, 'policy').some(
    ({ principals, conditions, actions }) =>
      principals.some(({ identifiers }) => identifiers.includes('events.amazonaws.com')) &&
      conditions.every(({ variable }) => !variable.startsWith('aws:Source')) &&
      ['kms:Decrypt', 'kms:GenerateDataKey'].every((action) => actions.includes(action)),
  );
}

import { numberAt, textsAt, textsBelow, valueAt } from '../attributes.ts';
import { holdsSecret } from '../secret-texts.ts';
import { each, none, type PolicyRule } from '../rule.ts';

const lambda = 'aws_lambda_function';
const retiredRuntimes = /^(?:nodejs(?:\d|1\d|20)\.|python(?:2|3\.[0-9]$)|ruby2|java8$|dotnet(?:core|5|6)|go1)/;

/** Functions, should there ever be one: for rotating secrets or passing messages on. */
export const functionRules: readonly PolicyRule[] = [
  each(lambda, {
    ids: ['CKV_AWS_45'],
    title: 'has no secret in its environment',
    holds: ({ attributes }) =>
      [...textsBelow(attributes.environment)].every(
        ({ path, text }) => !holdsSecret(`${path}=${text}`) && !holdsSecret(text),
      ),
  }),
  each(lambda, {
    ids: ['CKV_AWS_50', 'AWS-0066'],
    title: 'is traced',
    holds: ({ attributes }) => valueAt(attributes, 'tracing_config.mode') === 'Active',
  }),
  each(lambda, {
    ids: ['CKV_AWS_115'],
    title: 'cannot take the concurrency of others',
    holds: ({ attributes }) => (numberAt(attributes, 'reserved_concurrent_executions') ?? -1) >= 0,
  }),
  each(lambda, {
    ids: ['CKV_AWS_116'],
    title: 'keeps what failed',
    holds: ({ attributes }) => valueAt(attributes, 'dead_letter_config.target_arn') !== undefined,
  }),
  each(lambda, {
    ids: ['CKV_AWS_117'],
    title: 'runs in our network',
    holds: ({ attributes }) => valueAt(attributes, 'vpc_config.subnet_ids') !== undefined,
  }),
  each(lambda, {
    ids: ['FSBP Lambda.5'],
    title: 'runs in several zones',
    holds: ({ attributes }) => textsAt(attributes, 'vpc_config.subnet_ids').length > 1,
  }),
  each(lambda, {
    ids: ['CKV_AWS_173'],
    title: 'encrypts its environment with a key of ours',
    holds: ({ attributes }) => attributes.environment === undefined || typeof attributes.kms_key_arn === 'string',
  }),
  each(lambda, {
    ids: ['CKV_AWS_272'],
    title: 'runs signed code alone',
    holds: ({ attributes }) => typeof attributes.code_signing_config_arn === 'string',
  }),
  each(lambda, {
    ids: ['CKV_AWS_363', 'FSBP Lambda.2'],
    title: 'runs on a runtime that gets fixes',
    holds: ({ attributes }) => !retiredRuntimes.test(String(attributes.runtime)),
  }),
  each('aws_lambda_permission', {
    ids: ['CKV_AWS_301', 'FSBP Lambda.1'],
    title: 'lets nobody unnamed call',
    holds: ({ attributes }) => attributes.principal !== '*',
  }),
  each('aws_lambda_permission', {
    ids: ['CKV_AWS_364', 'AWS-0067'],
    title: 'lets a service call for named resources alone',
    holds: ({ attributes }) => attributes.source_arn !== undefined || attributes.source_account !== undefined,
  }),
  none('aws_lambda_function_url', {
    ids: ['Stowage no-function-url'],
    title: 'is an open door beside the load balancer',
  }),
];

import { textsAt } from '../attributes.ts';
import { admitsAnybody, grantsOf, type Statement } from '../policy-statements.ts';
import type { GraphResource, ResourceGraph } from '../resource-graph.ts';
import { isOnlyOnAll } from '../resource-wildcards.ts';
import { each, none, type PolicyRule, type RuleName } from '../rule.ts';

const grants = ['aws_iam_policy', 'aws_iam_role_policy'];
const attachments = ['aws_iam_role_policy_attachment', 'aws_iam_policy_attachment'];

/** With any of these somebody can give himself more than he has. */
const escalating =
  /^iam:(?:\*|Create(?:AccessKey|LoginProfile|PolicyVersion)|SetDefaultPolicyVersion|UpdateLoginProfile|Add(?:User|Role)To.*|(?:Attach|Put)(?:User|Group|Role)Policy|UpdateAssumeRolePolicy|(?:Put|Delete)RolePermissionsBoundary)$/i;
/** Answers with something one can sign in with. */
const exposing =
  /^(?:iam:(?:CreateAccessKey|CreateLoginProfile|UpdateLoginProfile|UpdateAccessKey)|sts:Get(?:FederationToken|SessionToken)|redshift:GetClusterCredentials|chime:CreateApiKey|codepipeline:PollForJobs|cognito-idp:\*)$/i;
/** Answers with what customers or we keep. */
const leaking = /^(?:s3:GetObject.*|ssm:GetParameter.*|secretsmanager:GetSecretValue)$/i;
const permissionManaging = /^(?:iam:(?:Put|Attach|Detach|Delete|Create|Update).*|.*:(?:Put|Set).*Policy)$/;
const writing =
  /:(?:Create|Put|Update|Delete|Modify|Write|Set|Start|Stop|Terminate|Run|Publish|Send|Tag|Untag|Add|Remove|Register|Attach|Detach)/;
const keyUsing = /^kms:(?:\*|Decrypt|ReEncryptFrom|ReEncrypt\*)$/i;

/** Roles, their trust and what they may do. */
export const identityRules: readonly PolicyRule[] = [
  everyGrant(
    {
      ids: ['CKV_AWS_62', 'CKV_AWS_63', 'CKV_AWS_275', 'CKV2_AWS_40', 'CKV_AWS_1', 'CKV_AWS_49', 'FSBP IAM.1'],
      title: 'is no full administrator',
    },
    ({ actions, isInverted }) => !actions.includes('*') && !(isInverted && actions.length > 0),
  ),
  everyGrant({ ids: ['FSBP IAM.21'], title: 'allows no service as a whole' }, ({ actions }) =>
    actions.every((action) => !/^[\w-]+:\*$/.test(action)),
  ),
  everyGrant({ ids: ['Stowage no-wildcard-action'], title: 'names each action' }, ({ actions }) =>
    actions.every((action) => !action.includes('*')),
  ),
  everyGrant(
    { ids: ['CKV_AWS_286', 'CKV_AWS_110'], title: 'cannot be used to gain more rights' },
    (statement) => !doesOnAll(statement, escalating),
  ),
  everyGrant(
    { ids: ['CKV_AWS_287', 'CKV_AWS_107'], title: 'hands out no credentials' },
    ({ actions }) => !actions.some((action) => exposing.test(action)),
  ),
  everyGrant(
    { ids: ['CKV_AWS_288', 'CKV_AWS_108'], title: 'reads named data, not all there is' },
    (statement) => !doesOnAll(statement, leaking),
  ),
  everyGrant(
    { ids: ['CKV_AWS_289', 'CKV_AWS_109'], title: 'changes rights on named things alone' },
    (statement) => !doesOnAll(statement, permissionManaging),
  ),
  everyGrant(
    { ids: ['CKV_AWS_290', 'CKV_AWS_111'], title: 'writes to named things alone' },
    (statement) => !doesOnAll(statement, writing),
  ),
  everyGrant(
    { ids: ['CKV_AWS_355', 'CKV_AWS_356'], title: 'says on what, wherever AWS can limit the action' },
    ({ actions, resources, conditions }) =>
      !resources.includes('*') || conditions.length > 0 || actions.every(isOnlyOnAll),
  ),
  everyGrant(
    { ids: ['FSBP KMS.1', 'FSBP KMS.2'], title: 'decrypts with named keys alone' },
    (statement) => !doesOnAll(statement, keyUsing),
  ),
  everyGrant(
    { ids: ['AWS-0345', 'AWS-0346'], title: 'has no free hand in S3' },
    ({ actions }) => !actions.includes('s3:*'),
  ),
  everyGrant(
    { ids: ['AWS-0342'], title: 'hands on named roles alone, to named services' },
    (statement) => !doesOnAll(statement, /^iam:(?:PassRole|\*)$/i),
  ),
  each('aws_iam_role', {
    ids: ['CKV_AWS_60', 'CKV_AWS_283'],
    title: 'is trusted to named principals',
    holds: (role) => trustOf(role).every((statement) => !admitsAnybody(statement)),
  }),
  each('aws_iam_role', {
    ids: ['CKV_AWS_61'],
    title: 'is trusted to roles or services, not to a whole account',
    holds: (role) =>
      trustOf(role).every(
        ({ principals, conditions }) =>
          conditions.length > 0 ||
          principals.every(({ identifiers }) =>
            identifiers.every((name) => !/^(?:\d{12}|arn:aws:iam::\d{12}:root)$/.test(name)),
          ),
      ),
  }),
  each(attachments, {
    ids: ['CKV_AWS_274', 'CKV2_AWS_56'],
    title: 'gives nobody all rights by a policy of AWS',
    holds: ({ attributes }) =>
      !/\/(?:AdministratorAccess|IAMFullAccess|PowerUserAccess)$/.test(String(attributes.policy_arn)),
  }),
  none(['aws_iam_user_policy', 'aws_iam_user_policy_attachment', 'aws_iam_group_policy'], {
    ids: ['CKV_AWS_40', 'AWS-0143', 'FSBP IAM.2'],
    title: 'gives rights to a person instead of a role',
  }),
  none(['aws_iam_user', 'aws_iam_access_key'], {
    ids: ['CKV_AWS_273'],
    title: 'is a lasting credential; people sign in elsewhere and assume roles',
  }),
  none('aws_iam_openid_connect_provider', {
    ids: ['Stowage pod-identity'],
    title: 'is not needed: pods get their roles by Pod Identity',
  }),
];

/** Every statement that allows something, of every policy of an identity. */
function everyGrant(name: RuleName, holds: (statement: Statement) => boolean): PolicyRule {
  return each(grants, {
    ...name,
    holds: (resource, graph) => isBoundary(resource, graph) || grantsOf(resource, 'policy').every(holds),
  });
}

/** A policy that hangs on no role allows nothing: as a boundary it only limits what others allow. */
function isBoundary(policy: GraphResource, graph: ResourceGraph): boolean {
  return policy.type === 'aws_iam_policy' && attachments.every((type) => graph.referrersOf(policy, type).length === 0);
}

function doesOnAll({ actions, resources, conditions }: Statement, pattern: RegExp): boolean {
  if (!resources.includes('*') || conditions.length > 0) return false;
  return actions.some((action) => action === '*' || (pattern.test(action) && !isOnlyOnAll(action)));
}

function trustOf(role: GraphResource): readonly Statement[] {
  if (textsAt(role.attributes, 'assume_role_policy').length === 0)
    throw new Error(`${role.path} is trusted to nobody.`);
  return grantsOf(role, 'assume_role_policy');
}

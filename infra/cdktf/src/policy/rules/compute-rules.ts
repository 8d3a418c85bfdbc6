import { blocksAt, numberAt, textsAt, valueAt } from '../attributes.ts';
import type { GraphResource } from '../resource-graph.ts';
import { accompanied, each, some, targetsOf, type PolicyRule } from '../rule.ts';
import { holdsSecret } from '../secret-texts.ts';

const machines = ['aws_launch_template', 'aws_instance'];

/** Launch templates, instances, node groups and their disks. */
export const computeRules: readonly PolicyRule[] = [
  each(machines, {
    ids: ['CKV_AWS_79', 'AWS-0130', 'FSBP EC2.8', 'FSBP EC2.170', 'FSBP AutoScaling.3'],
    title: 'answers for its identity with IMDSv2 alone',
    holds: ({ attributes }) => valueAt(attributes, 'metadata_options.http_tokens') === 'required',
  }),
  each(machines, {
    ids: ['CKV_AWS_341', 'FSBP AutoScaling.4'],
    title: 'keeps its identity from containers: one hop',
    holds: ({ attributes }) => numberAt(attributes, 'metadata_options.http_put_response_hop_limit') === 1,
  }),
  each(machines, {
    ids: ['CKV_AWS_88', 'AWS-0009', 'FSBP EC2.9', 'FSBP EC2.25', 'FSBP AutoScaling.5'],
    title: 'has no public address',
    holds: ({ type, attributes }) =>
      type === 'aws_instance'
        ? attributes.associate_public_ip_address === false
        : blocksAt(attributes, 'network_interfaces').every(
            ({ associate_public_ip_address: isPublic }) => String(isPublic) !== 'true',
          ),
  }),
  each(machines, {
    ids: ['CKV_AWS_46', 'AWS-0029', 'AWS-0129'],
    title: 'has no secret in its user data',
    holds: ({ attributes }) =>
      [...textsAt(attributes, 'user_data'), ...textsAt(attributes, 'user_data_base64')].every(
        (text) => !holdsSecret(text),
      ),
  }),
  each(machines, {
    ids: ['CKV_AWS_8', 'AWS-0008', 'AWS-0131', 'FSBP EC2.3', 'FSBP EC2.181'],
    title: 'has encrypted disks',
    holds: (machine) =>
      disksOf(machine).length > 0 && disksOf(machine).every(({ encrypted }) => String(encrypted) === 'true'),
  }),
  each([...machines, 'aws_ebs_volume'], {
    ids: ['CKV_AWS_189', 'AWS-0027'],
    title: 'has disks encrypted with a key of ours',
    holds: (machine) => disksOf(machine).every(({ kms_key_id: key }) => typeof key === 'string'),
  }),
  some('aws_ebs_encryption_by_default', {
    ids: ['CKV_AWS_106', 'FSBP EC2.7'],
    title: 'encrypts every new disk of the account',
    holds: ({ attributes }) => attributes.enabled !== false,
  }),
  each('aws_instance', {
    ids: ['CKV_AWS_126'],
    title: 'is watched each minute',
    holds: ({ attributes }) => attributes.monitoring === true,
  }),
  each('aws_instance', {
    ids: ['CKV_AWS_135'],
    title: 'has a line of its own to its disk',
    holds: ({ attributes }) => attributes.ebs_optimized === true,
  }),
  each('aws_instance', {
    ids: ['CKV2_AWS_41'],
    title: 'acts with a role',
    holds: ({ attributes }) => attributes.iam_instance_profile !== undefined,
  }),
  each('aws_instance', {
    ids: ['FSBP SSM.1'],
    title: 'is managed by Systems Manager',
    holds: (instance, graph) =>
      targetsOf(instance, graph)
        .filter(({ type }) => type === 'aws_iam_instance_profile')
        .flatMap((profile) => targetsOf(profile, graph))
        .flatMap((role) => graph.referrersOf(role, 'aws_iam_role_policy_attachment'))
        .some(({ attributes }) => String(attributes.policy_arn).endsWith('/AmazonSSMManagedInstanceCore')),
  }),
  each('aws_eks_node_group', {
    ids: ['CKV_AWS_315', 'FSBP AutoScaling.9'],
    title: 'starts its machines from a launch template',
    holds: ({ attributes }) => blocksAt(attributes, 'launch_template').length === 1,
  }),
  accompanied('aws_eks_node_group', {
    ids: ['CKV_AWS_153'],
    title: 'hands tags to its group of machines',
    by: 'aws_autoscaling_group_tag',
  }),
  each('aws_eks_node_group', {
    ids: ['FSBP AutoScaling.2'],
    title: 'spreads over several zones',
    holds: ({ attributes }) => textsAt(attributes, 'subnet_ids').length > 1,
  }),
  each('aws_eks_node_group', {
    ids: ['FSBP AutoScaling.6'],
    title: 'may start machines of several types',
    holds: ({ attributes }) => textsAt(attributes, 'instance_types').length > 1,
  }),
  {
    ids: ['CKV_AWS_386', 'AWS-0344'],
    title: 'says whose machine image it takes',
    check: (graph) =>
      graph.resources
        .filter(({ kind, type }) => kind === 'data' && type === 'aws_ami')
        .filter(({ attributes }) => textsAt(attributes, 'owners').length === 0)
        .map(({ path }) => ({ path })),
  },
];

function disksOf({ type, attributes }: GraphResource): readonly Readonly<Record<string, unknown>>[] {
  if (type === 'aws_ebs_volume') return [attributes];
  if (type === 'aws_instance')
    return [...blocksAt(attributes, 'root_block_device'), ...blocksAt(attributes, 'ebs_block_device')];
  return blocksAt(attributes, 'block_device_mappings').flatMap((mapping) => blocksAt(mapping, 'ebs'));
}

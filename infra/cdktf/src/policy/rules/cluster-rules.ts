import { clusterVersions } from '../../environments/cluster-releases.ts';
import { blocksAt, textsAt, valueAt } from '../attributes.ts';
import { accompanied, each, some, targetsOf, type PolicyRule } from '../rule.ts';

const association = 'aws_eks_pod_identity_association';
const anywhere = ['0.0.0.0/0', '::/0'];
const logTypes = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

/** The Kubernetes control plane and its nodes. */
export const clusterRules: readonly PolicyRule[] = [
  each('aws_eks_cluster', {
    ids: ['CKV_AWS_37', 'AWS-0038', 'FSBP EKS.8', 'CIS 2.1.1', 'CIS 2.1.2'],
    title: 'logs everything its control plane can',
    holds: ({ attributes }) =>
      logTypes.every((type) => textsAt(attributes, 'enabled_cluster_log_types').includes(type)),
  }),
  each('aws_eks_cluster', {
    ids: ['CKV_AWS_38', 'AWS-0041', 'CIS 5.4.1'],
    title: 'is not open to the world',
    holds: ({ attributes }) =>
      valueAt(attributes, 'vpc_config.endpoint_public_access') === false ||
      (textsAt(attributes, 'vpc_config.public_access_cidrs').length > 0 &&
        !textsAt(attributes, 'vpc_config.public_access_cidrs').some((range) => anywhere.includes(range))),
  }),
  each('aws_eks_cluster', {
    ids: ['CKV_AWS_39', 'AWS-0040', 'FSBP EKS.1', 'CIS 5.4.2'],
    title: 'is reached from inside its network alone',
    holds: ({ attributes }) =>
      valueAt(attributes, 'vpc_config.endpoint_public_access') === false &&
      valueAt(attributes, 'vpc_config.endpoint_private_access') === true,
  }),
  each('aws_eks_cluster', {
    ids: ['CKV_AWS_58', 'AWS-0039', 'CIS 5.3.1'],
    title: 'encrypts its secrets with a key of ours',
    holds: ({ attributes }) =>
      textsAt(attributes, 'encryption_config.resources').includes('secrets') &&
      textsAt(attributes, 'encryption_config.provider.key_arn').length === 1,
  }),
  each('aws_eks_cluster', {
    ids: ['CKV_AWS_339', 'FSBP EKS.2'],
    title: 'runs a version in standard support, and is never moved to extended support, which costs six times as much',
    holds: ({ attributes }) =>
      clusterVersions.some((version) => version === attributes.version) &&
      valueAt(attributes, 'upgrade_policy.support_type') === 'STANDARD',
  }),
  each('aws_eks_cluster', {
    ids: ['Prowler eks_cluster_deletion_protection_enabled'],
    title: 'is protected from deletion',
    holds: ({ attributes }) => attributes.deletion_protection === true,
  }),
  each('aws_eks_cluster', {
    ids: ['CIS 4.1.7', 'CIS 5.5.1'],
    title: 'admits people by access entries alone',
    holds: ({ attributes }) =>
      valueAt(attributes, 'access_config.authentication_mode') === 'API' &&
      valueAt(attributes, 'access_config.bootstrap_cluster_creator_admin_permissions') === false,
  }),
  accompanied('aws_eks_cluster', {
    ids: ['CIS 4.3.1', 'Prowler eks_cluster_network_policy_enabled'],
    title: 'obeys network policies',
    by: 'aws_eks_addon',
    holds: ({ attributes }) =>
      attributes.addon_name === 'vpc-cni' &&
      /"enableNetworkPolicy":\s*"true"/.test(String(attributes.configuration_values)),
  }),
  each(association, {
    ids: ['CIS 5.2.1'],
    title: 'gives its service account a role that no other has',
    holds: (resource, graph) => {
      const role = graph.targetOf(resource, 'role_arn');
      return role !== undefined && graph.referrersOf(role, association).length === 1;
    },
  }),
  accompanied('aws_eks_cluster', {
    ids: ['Stowage pod-identity-agent'],
    title: 'has the agent that hands roles to pods',
    by: 'aws_eks_addon',
    holds: ({ attributes }) => attributes.addon_name === 'eks-pod-identity-agent',
  }),
  each('aws_eks_node_group', {
    ids: ['CIS 5.4.3', 'CIS 5.4.4', 'Prowler eks_cluster_private_nodes_enabled'],
    title: 'has its nodes in private subnets',
    holds: (group, graph) =>
      targetsOf(group, graph)
        .filter(({ type }) => type === 'aws_subnet')
        .every((subnet) => !('kubernetes.io/role/elb' in tagsOf(subnet.attributes))),
  }),
  each('aws_eks_node_group', {
    ids: ['CKV_AWS_100'],
    title: 'offers no SSH',
    holds: ({ attributes }) => blocksAt(attributes, 'remote_access').length === 0,
  }),
  some('aws_iam_role_policy_attachment', {
    ids: ['CIS 5.1.3'],
    title: 'lets nodes pull images, and nothing more of the registry',
    holds: ({ attributes }) => String(attributes.policy_arn).endsWith('/AmazonEC2ContainerRegistryPullOnly'),
  }),
  each('aws_iam_role_policy_attachment', {
    ids: ['Stowage narrow-node-role'],
    title: 'gives no role the old, wide policies for nodes',
    holds: ({ attributes }) =>
      !/\/(?:AmazonEC2ContainerRegistry(?:PowerUser|FullAccess)|AmazonSSMFullAccess)$/.test(
        String(attributes.policy_arn),
      ),
  }),
];

function tagsOf(attributes: Readonly<Record<string, unknown>>): object {
  return typeof attributes.tags === 'object' && attributes.tags !== null ? attributes.tags : {};
}

import { drop, dropAll, set, type Mutation } from '../mutation.ts';

const cluster = 'aws_eks_cluster';
const group = 'aws_eks_node_group';

export const clusterMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_37: set(cluster, ['enabled_cluster_log_types', ['api']]),
  CKV_AWS_38: set(cluster, ['vpc_config', { endpoint_public_access: true, public_access_cidrs: ['0.0.0.0/0'] }]),
  CKV_AWS_39: set(cluster, ['vpc_config.endpoint_public_access', true]),
  CKV_AWS_58: set(cluster, ['encryption_config', undefined]),
  CKV_AWS_339: set(cluster, ['version', '1.30']),
  'Prowler eks_cluster_deletion_protection_enabled': set(cluster, ['deletion_protection', false]),
  'CIS 4.1.7': set(cluster, ['access_config.authentication_mode', 'API_AND_CONFIG_MAP']),
  'CIS 4.3.1': set('aws_eks_addon', ['configuration_values', '{}'], { having: { addon_name: 'vpc-cni' } }),
  'CIS 5.2.1': set('aws_eks_pod_identity_association', ['role_arn', 'arn:aws:iam::333333333333:role/anybody']),
  'Stowage pod-identity-agent': drop('aws_eks_addon', { having: { addon_name: 'eks-pod-identity-agent' } }),
  'CIS 5.4.3': set('aws_subnet', ['tags', { 'kubernetes.io/role/elb': '1' }], { at: /\/App\// }),
  CKV_AWS_100: set(group, ['remote_access', { ec2_ssh_key: 'mine' }]),
  'CIS 5.1.3': dropAll('aws_iam_role_policy_attachment', { at: /^cluster\// }),
  'Stowage narrow-node-role': set('aws_iam_role_policy_attachment', [
    'policy_arn',
    'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser',
  ]),
};

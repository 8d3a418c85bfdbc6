import { add, allow, drop, dropAll, set, type Mutation } from '../mutation.ts';

const acl = 'aws_network_acl_rule';
const ingress = 'aws_vpc_security_group_ingress_rule';
const egress = 'aws_vpc_security_group_egress_rule';

/** A rule of a network ACL that lets the world in on some ports. */
const opening = (from: number, to = from) =>
  add(acl, {
    egress: false,
    rule_action: 'allow',
    protocol: 'tcp',
    cidr_block: '0.0.0.0/0',
    from_port: from,
    to_port: to,
  });

/** A rule of a security group that lets the world in on some ports. */
const admitting = (from: number, to = from) =>
  add(ingress, { description: 'Added', ip_protocol: 'tcp', cidr_ipv4: '0.0.0.0/0', from_port: from, to_port: to });

const withoutEndpoint = (service: string) =>
  drop('aws_vpc_endpoint', { having: { service_name: `com.amazonaws.us-east-1.${service}` } });
const secondVpc = add('aws_vpc', { cidr_block: '10.99.0.0/16' });

export const networkMutations: Readonly<Record<string, Mutation>> = {
  CKV2_AWS_11: set('aws_flow_log', ['traffic_type', 'REJECT']),
  CKV2_AWS_12: set('aws_default_security_group', ['ingress', [{ protocol: '-1', from_port: 0, to_port: 0 }]]),
  'Stowage empty-default-acl': set('aws_default_network_acl', ['ingress', [{ protocol: '-1', rule_no: 100 }]]),
  'Stowage empty-default-routes': set('aws_default_route_table', ['route', [{ cidr_block: '0.0.0.0/0' }]]),
  'Stowage standalone-acl-rules': set('aws_network_acl', ['ingress', [{ protocol: '-1', rule_no: 100 }]]),
  'AWS-0101': add('aws_default_vpc', {}),
  CKV_AWS_130: set('aws_subnet', ['map_public_ip_on_launch', true]),
  CKV2_AWS_1: set('aws_network_acl', ['subnet_ids', []]),
  CKV_AWS_229: opening(21),
  CKV_AWS_230: opening(20),
  CKV_AWS_231: opening(3_380, 3_390),
  CKV_AWS_232: opening(22),
  CKV_AWS_352: opening(0, 65_535),
  'AWS-0102': set(acl, ['protocol', '-1']),
  'FSBP EC2.16': add('aws_network_acl', { vpc_id: 'vpc' }),
  CKV2_AWS_35: add('aws_route', { destination_cidr_block: '0.0.0.0/0', network_interface_id: 'eni-1' }),
  CKV2_AWS_44: add('aws_route', { destination_cidr_block: '0.0.0.0/0', vpc_peering_connection_id: 'pcx-1' }),
  CKV2_AWS_19: add('aws_eip', { domain: 'vpc' }),
  'FSBP EC2.55': withoutEndpoint('ecr.api'),
  'FSBP EC2.56': withoutEndpoint('ecr.dkr'),
  'FSBP EC2.57': withoutEndpoint('ssm'),
  'FSBP EC2.10': secondVpc,
  'FSBP EC2.58': secondVpc,
  'FSBP EC2.60': secondVpc,
  'BPG endpoint-policy': allow('aws_vpc_endpoint', { Action: '*', Resource: '*', Principal: '*' }),
  'FSBP EC2.172': secondVpc,
};

export const securityGroupMutations: Readonly<Record<string, Mutation>> = {
  'Stowage replaceable-name': set('aws_security_group', ['name', 'stowage-production-nodes']),
  CKV_AWS_23: set(ingress, ['description', undefined]),
  'Stowage standalone-rules': set('aws_security_group', ['ingress', [{ from_port: 22, to_port: 22, protocol: 'tcp' }]]),
  CKV_AWS_24: admitting(22),
  CKV_AWS_25: admitting(3_389),
  CKV_AWS_260: admitting(80),
  CKV_AWS_277: admitting(0, 65_535),
  CKV_AWS_382: set(egress, ['ip_protocol', '-1']),
  'AWS-0104': add(egress, {
    description: 'Added',
    ip_protocol: 'tcp',
    cidr_ipv4: '0.0.0.0/0',
    from_port: 25,
    to_port: 25,
  }),
  CKV2_AWS_5: add('aws_security_group', { description: 'Added', vpc_id: 'vpc' }),
  'FSBP EC2.18': admitting(8_080),
};

const machine = 'aws_instance';
const template = 'aws_launch_template';

export const computeMutations: Readonly<Record<string, Mutation>> = {
  CKV_AWS_79: set(machine, ['metadata_options.http_tokens', 'optional']),
  CKV_AWS_341: set(template, ['metadata_options.http_put_response_hop_limit', 2]),
  CKV_AWS_88: set(machine, ['associate_public_ip_address', true]),
  CKV_AWS_46: set(machine, ['user_data', 'export DB_PASSWORD=correct-horse-battery']),
  CKV_AWS_8: set(machine, ['root_block_device.encrypted', false]),
  CKV_AWS_189: set(template, ['block_device_mappings.ebs.kms_key_id', undefined]),
  CKV_AWS_106: set('aws_ebs_encryption_by_default', ['enabled', false]),
  CKV_AWS_126: set(machine, ['monitoring', false]),
  CKV_AWS_135: set(machine, ['ebs_optimized', false]),
  CKV2_AWS_41: set(machine, ['iam_instance_profile', undefined]),
  'FSBP SSM.1': drop('aws_iam_role_policy_attachment', { at: /^network\/Bastion/ }),
  CKV_AWS_315: set('aws_eks_node_group', ['launch_template', undefined]),
  CKV_AWS_153: dropAll('aws_autoscaling_group_tag'),
  'FSBP AutoScaling.2': set('aws_eks_node_group', ['subnet_ids', ['subnet-1']]),
  'FSBP AutoScaling.6': add('aws_eks_node_group', { subnet_ids: ['a', 'b'], launch_template: {} }),
  CKV_AWS_386: add('data.aws_ami', { most_recent: true }),
};

import { everywhere, exempt, type Exemption } from './exemption.ts';

const stateBuckets = ['bootstrap/State/Bucket/Resource', 'bootstrap/State/AccessLogs/Resource'];

/** What the stack network breaks on purpose. */
const networkExemptions: readonly Exemption[] = [
  ...exempt(['FSBP EC2.172'], {
    resources: ['network/Vpc/Resource'],
    environments: everywhere,
    reason: 'The load balancer is there for the internet, which this would shut out.',
  }),
  ...exempt(['FSBP EC2.10', 'FSBP EC2.58', 'FSBP EC2.60'], {
    resources: ['network/Vpc/Resource'],
    environments: everywhere,
    reason: 'Nothing inside calls these services often or at all; an endpoint costs 7 USD a month and zone.',
  }),
  ...exempt(['FSBP EC2.55', 'FSBP EC2.56', 'FSBP EC2.57'], {
    resources: ['network/Vpc/Resource'],
    environments: ['dev', 'staging'],
    reason: 'Calls go out by the NAT gateway, encrypted; an endpoint costs 7 USD a month and zone.',
  }),
  ...exempt(['CKV_AWS_260'], {
    resources: ['network/Traffic/LoadBalancer/FromAnywhereTcp80'],
    environments: everywhere,
    reason: 'Who types a name without https arrives here, and is sent there.',
  }),
  ...exempt(['AWS-0104'], {
    resources: ['network/Traffic/Nodes/ToAnywhereTcp443'],
    environments: everywhere,
    reason: 'AWS has no fixed addresses for its services; only HTTPS goes out, and flow logs record it.',
  }),
  ...exempt(['AWS-0104'], {
    resources: ['network/Traffic/Bastion/ToAnywhereTcp443'],
    environments: ['staging', 'production'],
    reason: 'Systems Manager is reached by HTTPS, and packages are; nobody reaches the bastion from outside.',
  }),
  ...exempt(['CKV_AWS_338'], {
    resources: ['network/FlowLogs/Logs/Resource'],
    environments: ['dev', 'staging'],
    reason: 'Nothing of worth is there; a year of logs is for production.',
  }),
  ...exempt(['CKV_AWS_338'], {
    resources: ['network/Bastion/Sessions/Resource'],
    environments: ['staging'],
    reason: 'Nothing of worth is there; a year of logs is for production.',
  }),
];

/** What the stack cluster breaks on purpose. */
const clusterExemptions: readonly Exemption[] = [
  ...exempt(['FSBP AutoScaling.6'], {
    resources: ['cluster/Nodes/Resource'],
    environments: everywhere,
    reason: 'Nodes are t3.medium by decision: capacity is counted on that, and the autoscaler packs equal nodes best.',
  }),
  ...exempt(['FSBP AutoScaling.6'], {
    resources: ['cluster/SpotNodes/Resource'],
    environments: ['dev'],
    reason: 'What runs here may wait for a node; capacity is counted on one type.',
  }),
  ...exempt(['CKV_AWS_39'], {
    resources: ['cluster/Cluster/Resource'],
    environments: ['dev'],
    reason: 'Developers reach the API server from the networks that are listed; there is no bastion.',
  }),
  ...exempt(['Prowler eks_cluster_deletion_protection_enabled'], {
    resources: ['cluster/Cluster/Resource'],
    environments: ['dev', 'staging'],
    reason: 'These environments are taken down and made anew.',
  }),
  ...exempt(['CKV_AWS_338'], {
    resources: ['cluster/*'],
    environments: ['dev', 'staging'],
    reason: 'Nothing of worth is there; a year of logs is for production.',
  }),
];

/** What the stack bootstrap breaks on purpose. */
const bootstrapExemptions: readonly Exemption[] = [
  ...exempt(['CKV_AWS_145'], {
    resources: ['bootstrap/State/AccessLogs/Resource'],
    environments: everywhere,
    reason: 'S3 cannot write its access logs under a key of ours.',
  }),
  ...exempt(['CKV_AWS_143', 'CKV_AWS_144'], {
    resources: stateBuckets,
    environments: everywhere,
    reason: 'Versions bring a lost state back; what it describes is in this region, and is gone with it.',
  }),
  ...exempt(['AWS-0170'], {
    resources: stateBuckets,
    environments: everywhere,
    reason: 'Only the root user can turn it on, with its own device and not by Terraform.',
  }),
  ...exempt(['FSBP IAM.21', 'Stowage no-wildcard-action', 'CKV_AWS_355', 'FSBP KMS.1', 'AWS-0345'], {
    resources: ['bootstrap/Deployment/Apply/ManageEstate'],
    environments: everywhere,
    reason:
      'This role makes everything there is, after an approval. Its boundary keeps users, its own limits and the state from it.',
  }),
  ...exempt(['Stowage no-wildcard-action', 'CKV_AWS_355'], {
    resources: ['bootstrap/Deployment/Apply/ReadRoles'],
    environments: everywhere,
    reason: 'A plan reads every role and policy, also those that other teams have made.',
  }),
  ...exempt(['Stowage no-wildcard-action', 'CKV_AWS_355', 'CKV_AWS_288'], {
    resources: ['bootstrap/Deployment/Plan/ReadSettings'],
    environments: everywhere,
    reason: 'A plan compares the settings of everything there is; it reads neither objects nor secrets.',
  }),
];

/** What the stacks everything stands on break on purpose. */
export const foundationExemptions: readonly Exemption[] = [
  ...networkExemptions,
  ...clusterExemptions,
  ...bootstrapExemptions,
];

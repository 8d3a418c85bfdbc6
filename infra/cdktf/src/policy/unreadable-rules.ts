/** Demands of scanners and benchmarks that no synthesized resource shows, and where they are met instead. */
export const unreadableRules: Readonly<Record<string, string>> = {
  'CIS 3.1, CIS 3.2':
    'Files and settings of the kubelet are those of the machine image of EKS; only the number of pods is set.',
  'CKV2_AWS_15, FSBP AutoScaling.1': 'EKS owns the group of machines and judges their health itself.',
  'FSBP KMS.3': 'Whether a key is being deleted is a state. An alarm tells when somebody begins to.',
  'FSBP SecretsManager.3': 'Whether a secret is used is a state. Terraform removes those that no stack has any more.',
  'Prowler rds_instance_certificate_expiration':
    'A certificate ends at a time. RDS renews it, as its authority is a modern one.',
};

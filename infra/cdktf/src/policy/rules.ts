import type { PolicyRule } from './rule.ts';
import { accountAlarmRules } from './rules/account-alarm-rules.ts';
import { accountRules } from './rules/account-rules.ts';
import { bucketRules } from './rules/bucket-rules.ts';
import { cacheRules } from './rules/cache-rules.ts';
import { clusterRules } from './rules/cluster-rules.ts';
import { computeRules } from './rules/compute-rules.ts';
import { databaseRules } from './rules/database-rules.ts';
import { functionRules } from './rules/function-rules.ts';
import { identityRules } from './rules/identity-rules.ts';
import { keyAndSecretRules } from './rules/key-and-secret-rules.ts';
import { kubernetesRules } from './rules/kubernetes-rules.ts';
import { loadBalancerRules } from './rules/load-balancer-rules.ts';
import { messageAndLogRules } from './rules/message-and-log-rules.ts';
import { networkRules } from './rules/network-rules.ts';
import { podRules } from './rules/pod-rules.ts';
import { recoveryRules } from './rules/recovery-rules.ts';
import { registryRules } from './rules/registry-rules.ts';
import { securityGroupRules } from './rules/security-group-rules.ts';
import { webAclRules } from './rules/web-acl-rules.ts';

/** Rules by what they are about, in the order of the rule matrix. */
export const rulesByArea: Readonly<Record<string, readonly PolicyRule[]>> = {
  Network: networkRules,
  'Security groups': securityGroupRules,
  'Machines and disks': computeRules,
  Cluster: clusterRules,
  Database: databaseRules,
  Cache: cacheRules,
  Buckets: bucketRules,
  'Image registry': registryRules,
  'Load balancer and certificates': loadBalancerRules,
  'Web ACL and DNS': webAclRules,
  'Roles and policies': identityRules,
  'Keys and secrets': keyAndSecretRules,
  'Logs, alarms, messages': messageAndLogRules,
  Backups: recoveryRules,
  Functions: functionRules,
  Account: accountRules,
  'Account alarms': accountAlarmRules,
  'Pod templates': podRules,
  'Rights and namespaces in the cluster': kubernetesRules,
};

/** All rules an environment must pass. */
export const policyRules: readonly PolicyRule[] = Object.values(rulesByArea).flat();

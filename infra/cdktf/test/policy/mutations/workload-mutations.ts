import { add, drop, set, type Mutation } from '../mutation.ts';

const pod = 'spec.job_template.spec.template.spec';
/** A CronJob, as scanners leave those unchecked. */
const ofPod = (path: string, value: unknown) => set('kubernetes_cron_job_v1', [`${pod}.${path}`, value]);
const ofContainer = (path: string, value: unknown) => ofPod(`container.${path}`, value);
const ofService = (path: string, value: unknown) =>
  set('kubernetes_deployment_v1', [`spec.template.spec.container.${path}`, value]);
const host = (path: string) => ofPod('volume', [{ name: 'host', host_path: { path } }]);

export const podMutations: Readonly<Record<string, Mutation>> = {
  CKV_K8S_8: ofService('liveness_probe', undefined),
  CKV_K8S_9: ofService('readiness_probe', undefined),
  CKV_K8S_10: ofContainer('resources.requests.cpu', undefined),
  CKV_K8S_11: ofContainer('resources.limits.cpu', undefined),
  CKV_K8S_12: ofContainer('resources.requests.memory', undefined),
  CKV_K8S_13: ofContainer('resources.limits.memory', undefined),
  CKV_K8S_14: ofContainer('image', 'api:latest'),
  CKV_K8S_43: ofContainer('image', 'api:1.0.0'),
  CKV_K8S_15: ofContainer('image_pull_policy', 'IfNotPresent'),
  'KSV-0125': ofContainer('image', `docker.io/library/redis@sha256:${'0'.repeat(64)}`),
  CKV_K8S_16: ofContainer('security_context.privileged', true),
  CKV_K8S_20: ofContainer('security_context.allow_privilege_escalation', undefined),
  CKV_K8S_17: ofPod('host_pid', true),
  CKV_K8S_18: ofPod('host_ipc', true),
  CKV_K8S_19: ofPod('host_network', true),
  CKV_K8S_26: ofContainer('port.host_port', 8_080),
  CKV_K8S_27: host('/var/run/docker.sock'),
  'KSV-0023': host('/var/log'),
  CKV_K8S_23: ofPod('security_context.run_as_non_root', undefined),
  CKV_K8S_40: ofPod('security_context.run_as_user', 1_000),
  'KSV-0021': ofContainer('security_context.run_as_group', 0),
  CKV_K8S_22: ofContainer('security_context.read_only_root_filesystem', false),
  CKV_K8S_28: ofContainer('security_context.capabilities.drop', ['NET_RAW']),
  CKV_K8S_25: ofContainer('security_context.capabilities.add', ['SYS_ADMIN']),
  CKV_K8S_31: ofPod('security_context.seccomp_profile.type', 'Unconfined'),
  'KSV-0002': set('kubernetes_cron_job_v1', [
    'metadata.annotations',
    { 'container.apparmor.security.beta.kubernetes.io/api': 'unconfined' },
  ]),
  'KSV-0117': ofContainer('port.container_port', 80),
  CKV_K8S_35: ofContainer('env', [{ name: 'PASSWORD', value_from: { secret_key_ref: { name: 'database' } } }]),
  CKV_K8S_38: ofPod('automount_service_account_token', undefined),
  CKV_K8S_41: ofPod('service_account_name', 'default'),
  CKV_K8S_21: set('kubernetes_cron_job_v1', ['metadata.namespace', 'default']),
  'Stowage no-service-links': ofPod('enable_service_links', undefined),
  'Stowage read-workloads': add('kubernetes_deployment', { metadata: { name: 'added' } }, 'workloads'),
  'Stowage typed-workloads': add('kubernetes_manifest', { manifest: { kind: 'Deployment' } }, 'workloads'),
};

const may = (resources: readonly string[], verbs: readonly string[]) =>
  set('kubernetes_role_v1', ['rule', [{ resources, verbs }]]);

export const kubernetesMutations: Readonly<Record<string, Mutation>> = {
  CKV_K8S_49: may(['*'], ['get']),
  'KSV-0041': may(['secrets'], ['get']),
  CKV_K8S_155: may(['mutatingwebhookconfigurations'], ['update']),
  CKV_K8S_156: may(['certificatesigningrequests/approval'], ['update']),
  CKV_K8S_157: may(['clusterroles'], ['bind']),
  'KSV-0043': may(['users'], ['impersonate']),
  'KSV-0042': may(['pods/log'], ['delete']),
  'KSV-0053': may(['pods/exec'], ['create']),
  'KSV-0047': may(['pods'], ['create']),
  'KSV-0049': may(['services'], ['update']),
  'CIS 4.1.10': may(['serviceaccounts/token'], ['create']),
  'KSV-0111': set('kubernetes_role_binding_v1', ['role_ref.name', 'cluster-admin']),
  'KSV-0122': set('kubernetes_role_binding_v1', ['subject.name', 'system:anonymous']),
  'KSV-0109': set('kubernetes_config_map_v1', ['data', { DB_PASSWORD: 'correct-horse' }]),
  'KSV-0039': drop('kubernetes_limit_range_v1'),
  'KSV-0040': drop('kubernetes_resource_quota_v1'),
  CKV2_K8S_6: drop('kubernetes_network_policy_v1'),
  'CIS 4.5.1': add('kubernetes_namespace_v1', { metadata: { name: 'added' } }, 'workloads'),
  'KUBE-0001': set('kubernetes_network_policy_v1', ['spec.ingress', [{}]]),
  'KUBE-0002': set('kubernetes_network_policy_v1', ['spec.egress.to', [{ ip_block: { cidr: '0.0.0.0/0' } }]]),
  'KSV-0108': set('kubernetes_service_v1', ['spec.external_ips', ['192.0.2.1']]),
};

import { ResourceGraph, type Attributes } from '../../src/policy/resource-graph.ts';

const digest = `sha256:${'0'.repeat(64)}`;

const container: Attributes = {
  name: 'api',
  image: `111111111111.dkr.ecr.us-east-1.amazonaws.com/stowage/api@${digest}`,
  image_pull_policy: 'Always',
  resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
  liveness_probe: { http_get: { path: '/livez', port: 9_464 } },
  readiness_probe: { http_get: { path: '/readyz', port: 9_464 } },
  port: [{ container_port: 5_002 }],
  env: [{ name: 'NODE_ENV', value: 'production' }],
  security_context: {
    allow_privilege_escalation: false,
    read_only_root_filesystem: true,
    capabilities: { drop: ['ALL'] },
  },
};

const podSpec: Attributes = {
  service_account_name: 'api',
  automount_service_account_token: false,
  enable_service_links: false,
  security_context: {
    ...{ run_as_non_root: true, run_as_user: 10_001, run_as_group: 10_001 },
    seccomp_profile: { type: 'RuntimeDefault' },
  },
  container: [container],
};

const named = (name: string): Attributes => ({ name, namespace: 'stowage' });

const resources: Readonly<Record<string, Attributes>> = {
  kubernetes_namespace_v1: {
    metadata: { name: 'stowage', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  },
  kubernetes_deployment_v1: { metadata: named('api'), spec: { template: { spec: podSpec } } },
  kubernetes_cron_job_v1: {
    metadata: named('worker'),
    spec: { job_template: { spec: { template: { spec: podSpec } } } },
  },
  kubernetes_limit_range_v1: { metadata: named('limits') },
  kubernetes_resource_quota_v1: { metadata: named('quota') },
  kubernetes_network_policy_v1: {
    metadata: named('api'),
    spec: { ingress: [{ from: [{ ip_block: { cidr: '10.0.0.0/24' } }] }], egress: [{ to: [{ pod_selector: {} }] }] },
  },
  kubernetes_role_v1: {
    metadata: named('reader'),
    rule: [{ resources: ['endpoints'], verbs: ['get', 'list', 'watch'] }],
  },
  kubernetes_role_binding_v1: {
    metadata: named('reader'),
    role_ref: { kind: 'Role', name: 'reader' },
    subject: [{ kind: 'ServiceAccount', name: 'api' }],
  },
  kubernetes_config_map_v1: { metadata: named('settings'), data: { LOG_LEVEL: 'info' } },
  kubernetes_service_v1: { metadata: named('api'), spec: { port: [{ port: 5_002 }] } },
};

/** Workloads as they should be: what the rules for pods are tried on until there are stacks that have some. */
export const hardenedWorkloads = new ResourceGraph([
  {
    name: 'workloads',
    dependencies: [],
    terraform: {
      resource: Object.fromEntries(
        Object.entries(resources).map(([type, block]) => [
          type,
          { only: { ...block, '//': { metadata: { path: `workloads/${type}` } } } },
        ]),
      ),
    },
  },
]);

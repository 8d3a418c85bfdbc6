import { blocksAt, textsAt, valueAt } from '../attributes.ts';
import { podTemplatesOf } from '../pod-templates.ts';
import type { Attributes, ResourceGraph } from '../resource-graph.ts';
import { each, type PolicyRule, type RuleName } from '../rule.ts';
import { holdsSecret } from '../secret-texts.ts';

const roles = ['kubernetes_role_v1', 'kubernetes_cluster_role_v1'];
const bindings = ['kubernetes_role_binding_v1', 'kubernetes_cluster_role_binding_v1'];
const policy = 'kubernetes_network_policy_v1';

/** Rights inside the cluster, namespaces, policies, services. */
export const kubernetesRules: readonly PolicyRule[] = [
  everyRight(
    { ids: ['CKV_K8S_49', 'KSV-0044', 'KSV-0045', 'KSV-0046', 'CIS 4.1.3'], title: 'names verbs and resources' },
    ({ verbs, resources }) => !verbs.includes('*') && !resources.includes('*'),
  ),
  everyRight(
    { ids: ['KSV-0041', 'KSV-0113', 'CIS 4.1.2'], title: 'reads no secrets' },
    ({ resources }) => !resources.includes('secrets'),
  ),
  everyRight(
    { ids: ['CKV_K8S_155', 'KSV-0114', 'CIS 4.1.12'], title: 'changes no admission webhooks' },
    ({ resources, verbs }) => isReadOnly(verbs) || !resources.some((name) => name.endsWith('webhookconfigurations')),
  ),
  everyRight(
    { ids: ['CKV_K8S_156', 'CIS 4.1.11'], title: 'approves no certificates' },
    ({ resources, verbs }) =>
      isReadOnly(verbs) || !resources.some((name) => /^(?:certificatesigningrequests\/approval|signers)$/.test(name)),
  ),
  everyRight(
    {
      ids: ['CKV_K8S_157', 'CKV_K8S_158', 'KSV-0050', 'KSV-0051', 'KSV-0052', 'CIS 4.1.8'],
      title: 'binds and raises no roles',
    },
    ({ verbs, resources }) =>
      !verbs.some((verb) => ['bind', 'escalate'].includes(verb)) &&
      (isReadOnly(verbs) || !resources.some((name) => /^(?:cluster)?role(?:binding)?s$/.test(name))),
  ),
  everyRight(
    { ids: ['KSV-0043', 'CKV2_K8S_3'], title: 'acts as nobody else' },
    ({ verbs }) => !verbs.includes('impersonate'),
  ),
  everyRight(
    { ids: ['KSV-0042', 'CKV2_K8S_2'], title: 'neither deletes logs nor talks to nodes' },
    ({ verbs, resources }) =>
      isReadOnly(verbs) || !resources.some((name) => ['pods/log', 'nodes/proxy', 'nodes/status'].includes(name)),
  ),
  everyRight(
    { ids: ['KSV-0053', 'KSV-0054', 'KSV-0055', 'CKV2_K8S_4'], title: 'gets into no container' },
    ({ resources }) => !resources.some((name) => ['pods/exec', 'pods/attach', 'pods/portforward'].includes(name)),
  ),
  everyRight(
    { ids: ['KSV-0047', 'KSV-0048', 'CKV2_K8S_5', 'CIS 4.1.4'], title: 'makes no pods' },
    ({ verbs, resources }) => !verbs.includes('create') || !resources.includes('pods'),
  ),
  everyRight(
    {
      ids: ['KSV-0049', 'KSV-0056', 'CKV2_K8S_1', 'CIS 4.1.9'],
      title: 'changes neither services, policies nor volumes of the cluster',
    },
    ({ verbs, resources }) =>
      isReadOnly(verbs) ||
      !resources.some((name) => ['services', 'networkpolicies', 'ingresses', 'persistentvolumes'].includes(name)),
  ),
  everyRight(
    { ids: ['CIS 4.1.10', 'KSV-0112'], title: 'makes no tokens of service accounts' },
    ({ resources }) => !resources.includes('serviceaccounts/token'),
  ),
  each(bindings, {
    ids: ['KSV-0111', 'CIS 4.1.1'],
    title: 'makes nobody administrator of the cluster',
    holds: ({ attributes }) =>
      !['cluster-admin', 'admin', 'edit'].includes(String(valueAt(attributes, 'role_ref.name'))),
  }),
  each(bindings, {
    ids: ['KSV-0122', 'KSV-0123'],
    title: 'is for named service accounts, not for all there are',
    holds: ({ attributes }) =>
      blocksAt(attributes, 'subject').every(
        ({ name }) =>
          !/^system:(?:anonymous|unauthenticated|authenticated|masters|serviceaccounts)$/.test(String(name)),
      ),
  }),
  each('kubernetes_config_map_v1', {
    ids: ['KSV-0109', 'KSV-01010'],
    title: 'holds no secret',
    holds: ({ attributes }) =>
      Object.entries(attributes.data ?? {}).every(
        ([name, value]) => !holdsSecret(`${name}=${String(value)}`) && !holdsSecret(String(value)),
      ),
  }),
  everyNamespace({ ids: ['KSV-0039'], title: 'has limits for containers that name none' }, 'kubernetes_limit_range_v1'),
  everyNamespace({ ids: ['KSV-0040'], title: 'has a quota' }, 'kubernetes_resource_quota_v1'),
  everyNamespace({ ids: ['CKV2_K8S_6', 'KSV-0038', 'CIS 4.3.2'], title: 'says who may talk to whom' }, policy),
  each('kubernetes_namespace_v1', {
    ids: ['CIS 4.5.1'],
    title: 'demands a level of pod security',
    holds: ({ attributes }) =>
      ['restricted', 'baseline', 'privileged'].includes(
        String(
          Object.entries(valueAt(attributes, 'metadata.labels') ?? {}).find(
            ([name]) => name === 'pod-security.kubernetes.io/enforce',
          )?.[1],
        ),
      ),
  }),
  openPolicy({ ids: ['KUBE-0001'], title: 'lets nobody in from anywhere' }, 'ingress.from'),
  openPolicy({ ids: ['KUBE-0002'], title: 'lets nothing out to anywhere' }, 'egress.to'),
  each('kubernetes_service_v1', {
    ids: ['KSV-0108'],
    title: 'takes no addresses from outside the cluster',
    holds: ({ attributes }) => textsAt(attributes, 'spec.external_ips').length === 0,
  }),
];

interface Right {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
}

function everyRight(name: RuleName, holds: (right: Right) => boolean): PolicyRule {
  return each(roles, {
    ...name,
    holds: ({ attributes }) =>
      blocksAt(attributes, 'rule').every((rule) =>
        holds({ verbs: textsAt(rule, 'verbs'), resources: textsAt(rule, 'resources') }),
      ),
  });
}

function isReadOnly(verbs: readonly string[]): boolean {
  return verbs.every((verb) => ['get', 'list', 'watch'].includes(verb));
}

/** Every namespace that a workload of ours is in. */
function everyNamespace(name: RuleName, type: string): PolicyRule {
  const check = (graph: ResourceGraph) => {
    const used = new Set(podTemplatesOf(graph).map(({ namespace }) => namespace));
    const covered = new Set(graph.ofType(type).flatMap(({ attributes }) => textsAt(attributes, 'metadata.namespace')));
    return [...used]
      .filter((namespace) => !covered.has(namespace))
      .map((namespace) => ({ path: `namespace ${namespace}` }));
  };
  return { ...name, check };
}

function openPolicy(name: RuleName, path: string): PolicyRule {
  const [direction = '', peer = ''] = path.split('.');
  const isOpen = (rule: Attributes) =>
    blocksAt(rule, peer).length === 0 ||
    blocksAt(rule, peer).some((block) => valueAt(block, 'ip_block.cidr') === '0.0.0.0/0');
  return each(policy, {
    ...name,
    holds: ({ attributes }) => !blocksAt(attributes, `spec.${direction}`).some(isOpen),
  });
}

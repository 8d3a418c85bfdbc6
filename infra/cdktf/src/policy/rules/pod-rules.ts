import { blocksAt, numberAt, textsAt, valueAt } from '../attributes.ts';
import { contextOf, podTemplatesOf, servingTypes, type PodTemplate } from '../pod-templates.ts';
import type { Attributes } from '../resource-graph.ts';
import { each, none, type PolicyRule, type RuleName } from '../rule.ts';
import { holdsSecret } from '../secret-texts.ts';

const lowestId = 10_001;
/** Images of ours, or those that our registry fetches for us. */
const trustedImage = /^(?:\d{12}|\$\{[^}]+\})(?:\.dkr\.ecr\.[\w-]+\.amazonaws\.com)?\//;

/** The names without a version, which mean the same to Terraform. */
const unreadTypes = [
  ...['kubernetes_deployment', 'kubernetes_pod', 'kubernetes_stateful_set', 'kubernetes_daemonset', 'kubernetes_job'],
  ...['kubernetes_cron_job', 'kubernetes_replication_controller'],
];
const podMakers = /^(?:Deployment|Pod|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob)$/;

/** Pod templates of workloads of every kind. */
export const podRules: readonly PolicyRule[] = [
  eachServing(
    { ids: ['CKV_K8S_8'], title: 'is restarted when it hangs' },
    ({ liveness_probe: probe }) => probe !== undefined,
  ),
  eachServing(
    { ids: ['CKV_K8S_9'], title: 'gets requests only when it is ready' },
    ({ readiness_probe: probe }) => probe !== undefined,
  ),
  eachContainer({ ids: ['CKV_K8S_10', 'KSV-0015'], title: 'asks for CPU' }, (box) =>
    has(box, 'resources.requests.cpu'),
  ),
  eachContainer({ ids: ['CKV_K8S_11', 'KSV-0011'], title: 'has a limit of CPU' }, (box) =>
    has(box, 'resources.limits.cpu'),
  ),
  eachContainer({ ids: ['CKV_K8S_12', 'KSV-0016'], title: 'asks for memory' }, (box) =>
    has(box, 'resources.requests.memory'),
  ),
  eachContainer({ ids: ['CKV_K8S_13', 'KSV-0018'], title: 'has a limit of memory' }, (box) =>
    has(box, 'resources.limits.memory'),
  ),
  eachContainer({ ids: ['CKV_K8S_14', 'KSV-0013'], title: 'names a version of its image' }, ({ image }) =>
    /(?:@sha256:|:(?!latest)[\w.-]+$)/.test(String(image)),
  ),
  eachContainer({ ids: ['CKV_K8S_43'], title: 'names its image by digest' }, ({ image }) =>
    String(image).includes('@sha256:'),
  ),
  eachContainer(
    { ids: ['CKV_K8S_15'], title: 'asks the registry each time it starts' },
    (box) => box.image_pull_policy === 'Always',
  ),
  eachContainer({ ids: ['KSV-0125', 'CIS 5.1.4'], title: 'has its image from our registry' }, ({ image }) =>
    trustedImage.test(String(image)),
  ),
  eachContainer(
    { ids: ['CKV_K8S_16', 'KSV-0017', 'CIS 4.2.1'], title: 'is not privileged' },
    (box) => valueAt(box, 'security_context.privileged') !== true,
  ),
  eachContainer(
    { ids: ['CKV_K8S_20', 'KSV-0001', 'CIS 4.2.5'], title: 'gains no rights it did not start with' },
    (box) => valueAt(box, 'security_context.allow_privilege_escalation') === false,
  ),
  eachPod(
    { ids: ['CKV_K8S_17', 'KSV-0010', 'CIS 4.2.2'], title: 'sees no processes of its node' },
    ({ spec }) => spec.host_pid !== true,
  ),
  eachPod(
    { ids: ['CKV_K8S_18', 'KSV-0008', 'CIS 4.2.3'], title: 'shares no memory with its node' },
    ({ spec }) => spec.host_ipc !== true,
  ),
  eachPod(
    { ids: ['CKV_K8S_19', 'KSV-0009', 'CIS 4.2.4'], title: 'has a network of its own' },
    ({ spec }) => spec.host_network !== true,
  ),
  eachContainer({ ids: ['CKV_K8S_26', 'KSV-0024'], title: 'takes no port of its node' }, (box) =>
    blocksAt(box, 'port').every((port) => (numberAt(port, 'host_port') ?? 0) === 0),
  ),
  eachPod({ ids: ['CKV_K8S_27', 'KSV-0006'], title: 'does not speak to the container runtime' }, ({ spec }) =>
    hostPathsOf(spec).every((path) => !/(?:docker|containerd)\.sock/.test(path)),
  ),
  eachPod(
    { ids: ['KSV-0023', 'KSV-0121'], title: 'sees no files of its node' },
    ({ spec }) => hostPathsOf(spec).length === 0,
  ),
  eachContainer(
    { ids: ['CKV_K8S_23', 'KSV-0012'], title: 'refuses to run as root' },
    (box, pod) => contextOf(pod, box, 'run_as_non_root') === true,
  ),
  eachContainer({ ids: ['CKV_K8S_40', 'KSV-0020', 'KSV-0105'], title: 'runs as a user that no node has' }, (box, pod) =>
    isHighId(contextOf(pod, box, 'run_as_user')),
  ),
  eachContainer({ ids: ['KSV-0021', 'KSV-0116'], title: 'runs as a group that no node has' }, (box, pod) =>
    isHighId(contextOf(pod, box, 'run_as_group')),
  ),
  eachContainer(
    { ids: ['CKV_K8S_22', 'KSV-0014'], title: 'cannot change its own files' },
    (box) => valueAt(box, 'security_context.read_only_root_filesystem') === true,
  ),
  eachContainer(
    {
      ids: ['CKV_K8S_28', 'CKV_K8S_37', 'KSV-0003', 'KSV-0004', 'KSV-0106', 'CKV_K8S_30'],
      title: 'drops all capabilities',
    },
    (box) => textsAt(box, 'security_context.capabilities.drop').includes('ALL'),
  ),
  eachContainer(
    { ids: ['CKV_K8S_25', 'CKV_K8S_39', 'KSV-0005', 'KSV-0022', 'KSV-0119', 'KSV-0120'], title: 'adds no capability' },
    (box) => textsAt(box, 'security_context.capabilities.add').length === 0,
  ),
  eachContainer(
    {
      ids: ['CKV_K8S_31', 'CKV_K8S_29', 'KSV-0030', 'KSV-0104', 'KSV-0118'],
      title: 'makes ordinary system calls alone',
    },
    (box, pod) => valueAt(contextOf(pod, box, 'seccomp_profile'), 'type') === 'RuntimeDefault',
  ),
  eachPod(
    { ids: ['KSV-0002'], title: 'keeps the AppArmor profile of its node' },
    ({ workload }) => !/apparmor[^"]*": ?"unconfined/i.test(JSON.stringify(workload.attributes)),
  ),
  eachContainer({ ids: ['KSV-0117'], title: 'listens above port 1023' }, (box) =>
    blocksAt(box, 'port').every((port) => (numberAt(port, 'container_port') ?? 0) >= 1_024),
  ),
  eachContainer(
    { ids: ['CKV_K8S_35', 'CIS 4.4.1', 'CIS 4.4.2'], title: 'has no secret in its environment' },
    (box) =>
      blocksAt(box, 'env').every(
        (variable) =>
          valueAt(variable, 'value_from.secret_key_ref') === undefined &&
          !holdsSecret(`${String(variable.name)}=${String(variable.value)}`),
      ) && blocksAt(box, 'env_from.secret_ref').length === 0,
  ),
  eachPod(
    { ids: ['CKV_K8S_38', 'KSV-0036', 'CIS 4.1.6'], title: 'has a token of the cluster only where it says so' },
    ({ spec }) => typeof spec.automount_service_account_token === 'boolean',
  ),
  eachPod(
    { ids: ['CKV_K8S_41', 'CKV_K8S_42', 'CIS 4.1.5'], title: 'has a service account of its own' },
    ({ spec }) => typeof spec.service_account_name === 'string' && spec.service_account_name !== 'default',
  ),
  eachPod(
    { ids: ['CKV_K8S_21', 'KSV-0037', 'KSV-0110', 'CIS 4.5.2'], title: 'is in a namespace of its own' },
    ({ namespace }) => !['default', 'kube-system', 'kube-public'].includes(namespace),
  ),
  eachPod(
    { ids: ['Stowage no-service-links'], title: 'gets no addresses of other services in its environment' },
    ({ spec }) => spec.enable_service_links === false,
  ),
  none(unreadTypes, {
    ids: ['Stowage read-workloads'],
    title: 'is a workload that these rules read: the kind whose name ends in v1',
  }),
  each('kubernetes_manifest', {
    ids: ['Stowage typed-workloads'],
    title: 'makes no pods: a workload has a resource of its own kind, which these rules read',
    holds: ({ attributes }) => !podMakers.test(textsAt(attributes, 'manifest.kind')[0] ?? ''),
  }),
];

function eachPod(name: RuleName, holds: (pod: PodTemplate) => boolean): PolicyRule {
  return {
    ...name,
    check: (graph) =>
      podTemplatesOf(graph)
        .filter((pod) => !holds(pod))
        .map(({ workload }) => ({ path: workload.path })),
  };
}

function eachContainer(name: RuleName, holds: (container: Attributes, pod: PodTemplate) => boolean): PolicyRule {
  return {
    ...name,
    check: (graph) =>
      podTemplatesOf(graph).flatMap((pod) =>
        pod.containers
          .filter((container) => !holds(container, pod))
          .map((container) => ({ path: pod.workload.path, detail: `container ${String(container.name)}` })),
      ),
  };
}

/** Containers that go on running: init containers and jobs come to an end by themselves. */
function eachServing(name: RuleName, holds: (container: Attributes) => boolean): PolicyRule {
  return eachPod(
    name,
    ({ workload, spec }) => !servingTypes.includes(workload.type) || blocksAt(spec, 'container').every(holds),
  );
}

function has(container: Attributes, path: string): boolean {
  return valueAt(container, path) !== undefined;
}

function isHighId(id: unknown): boolean {
  return Number(id) >= lowestId;
}

function hostPathsOf(spec: Attributes): readonly string[] {
  return blocksAt(spec, 'volume').flatMap((volume) => textsAt(volume, 'host_path.path'));
}

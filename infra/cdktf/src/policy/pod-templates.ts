import { blocksAt, textsAt, valueAt } from './attributes.ts';
import type { Attributes, GraphResource, ResourceGraph } from './resource-graph.ts';

/** Where each kind of workload has its pod template. Scanners look into deployments and pods alone. */
export const templatePaths: Readonly<Record<string, string>> = {
  kubernetes_deployment_v1: 'spec.template.spec',
  kubernetes_pod_v1: 'spec',
  kubernetes_stateful_set_v1: 'spec.template.spec',
  kubernetes_daemon_set_v1: 'spec.template.spec',
  kubernetes_replication_controller_v1: 'spec.template.spec',
  kubernetes_job_v1: 'spec.template.spec',
  kubernetes_cron_job_v1: 'spec.job_template.spec.template.spec',
};

export interface PodTemplate {
  readonly workload: GraphResource;
  readonly namespace: string;
  readonly spec: Attributes;
  /** Init containers first, as they run. */
  readonly containers: readonly Attributes[];
}

/** Kinds whose containers go on running and so need probes. */
export const servingTypes: readonly string[] = [
  'kubernetes_deployment_v1',
  'kubernetes_stateful_set_v1',
  'kubernetes_daemon_set_v1',
  'kubernetes_replication_controller_v1',
];

/** The pod template of every workload, whatever its kind. */
export function podTemplatesOf(graph: ResourceGraph): readonly PodTemplate[] {
  return Object.entries(templatePaths).flatMap(([type, path]) =>
    graph.ofType(type).map((workload) => {
      const [spec = {}] = blocksAt(workload.attributes, path);
      return {
        workload,
        namespace: textsAt(workload.attributes, 'metadata.namespace')[0] ?? 'default',
        spec,
        containers: [...blocksAt(spec, 'init_container'), ...blocksAt(spec, 'container')],
      };
    }),
  );
}

/** What a container runs as: its own setting, or else that of its pod. */
export function contextOf(pod: PodTemplate, container: Attributes, setting: string): unknown {
  return valueAt(container, `security_context.${setting}`) ?? valueAt(pod.spec, `security_context.${setting}`);
}

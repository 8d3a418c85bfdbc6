import { collectDefaultMetrics, Registry } from 'prom-client';

/** prom-client's classes, so that those who define metrics use the version that the registry is of. */
export { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Options of {@link createMetricsRegistry}. */
export interface MetricsRegistryOptions {
  /**
   * Metrics of the process: CPU, memory, file descriptors, event loop lag, garbage collection.
   * @default true
   */
  readonly defaultMetrics?: boolean;
  /**
   * Labels of every series, such as the service's name.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Gauges that end in `_total`, which the format keeps for counters (`promtool check metrics` refuses them). Each is the
 * sum of the series of the metric of the same name without the ending.
 */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** A registry of its own, never prom-client's global one, so that two apps or tests in one process do not meet. */
export function createMetricsRegistry({ defaultMetrics = true, labels }: MetricsRegistryOptions = {}): Registry {
  const registry = new Registry();
  if (labels) registry.setDefaultLabels(labels);
  if (defaultMetrics) {
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
  }
  return registry;
}

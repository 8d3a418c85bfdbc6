import { PrometheusProcess, PushgatewayProcess } from '@stowage/observability/testing';
import { requiredService, type Environment } from './given.ts';
import type { WorkerExit } from './spawn-worker.ts';

/** A Pushgateway and the Prometheus that scrapes it. Its first scrape takes five seconds: one serves a file. */
export interface Monitoring extends AsyncDisposable {
  readonly prometheus: PrometheusProcess;
  readonly gateway: PushgatewayProcess;
  /** Names the gateway to a worker. */
  readonly env: Environment;
  /**
   * What Prometheus knows of a job once it has heard of that run: values by name and labels, such as
   * `items{outcome="deleted"}`, without the labels of the group and the times of the pushes.
   */
  metricsOf(job: string, exit: WorkerExit): Promise<Readonly<Record<string, number>>>;
}

export interface MonitoringOptions {
  /** Directory with blocks that Prometheus knows from the start. @default none */
  readonly dataDirectory?: string;
}

export async function givenMonitoring({ dataDirectory }: MonitoringOptions = {}): Promise<Monitoring> {
  await using opened = new AsyncDisposableStack();
  const gateway = opened.use(await PushgatewayProcess.start(requiredService('TEST_PUSHGATEWAY')));
  const options = { targets: { pushgateway: gateway.url }, ...(dataDirectory !== undefined && { dataDirectory }) };
  const prometheus = opened.use(await PrometheusProcess.start(requiredService('TEST_PROMETHEUS'), options));
  const resources = opened.move();
  return {
    ...{ prometheus, gateway },
    env: { PUSHGATEWAY_URL: gateway.url, ENVIRONMENT: 'test' },
    metricsOf: async (job, { stdout }) => {
      const { finishedAt } = JSON.parse(stdout) as { readonly finishedAt: string };
      const seconds = new Date(finishedAt).getTime() / 1000;
      await prometheus.untilSeries(`batch_last_run_timestamp_seconds{job="${job}"} == ${seconds}`);
      const samples = await prometheus.query(`{job="${job}",env="test",__name__!~"push_.*"}`);
      return Object.fromEntries(samples.map(({ labels, value }) => [seriesName(labels), value]));
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function seriesName({
  __name__: name = '',
  job: _job,
  env: _env,
  instance: _instance,
  ...own
}: Readonly<Record<string, string>>): string {
  const labels = Object.entries(own).map(([label, value]) => `${label}="${value}"`);
  return labels.length === 0 ? name : `${name}{${labels.join(',')}}`;
}

import { PrometheusProcess, PushgatewayProcess } from '@stowage/observability/testing';
import { requiredService, type Environment } from './given.ts';

/** A real Pushgateway, scraped by a real Prometheus. */
export interface Monitoring extends AsyncDisposable {
  /** What has a worker push to it. */
  readonly env: Environment;
  /**
   * The last run of a job as Prometheus sees it: values by name, with the outcome in braces. Waits until it has the run that ended
   * last.
   */
  seriesOf(job: string): Promise<Readonly<Record<string, number>>>;
}

export async function givenMonitoring(): Promise<Monitoring> {
  await using opened = new AsyncDisposableStack();
  const gateway = opened.use(await PushgatewayProcess.start(requiredService('TEST_PUSHGATEWAY')));
  const prometheus = opened.use(
    await PrometheusProcess.start(requiredService('TEST_PROMETHEUS'), { targets: { pushgateway: gateway.url } }),
  );
  const resources = opened.move();
  let knownUntil = 0;
  return {
    env: { PUSHGATEWAY_URL: gateway.url, ENVIRONMENT: 'test' },
    seriesOf: async (job) => {
      const selector = `job="${job}", env="test"`;
      const [last] = await prometheus.untilSeries(
        `batch_last_run_timestamp_seconds{${selector}} > ${knownUntil.toFixed(3)}`,
      );
      knownUntil = last?.value ?? 0;
      const samples = await prometheus.query(`{__name__=~"batch_.*|stowage_.*", ${selector}}`);
      return Object.fromEntries(samples.map(({ labels, value }) => [nameOf(labels), value]));
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function nameOf({ __name__: name = '', outcome }: Readonly<Record<string, string>>): string {
  return outcome === undefined ? name : `${name}{${outcome}}`;
}

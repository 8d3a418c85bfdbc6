import { numberAt } from '../policy/attributes.ts';
import type { GraphResource } from '../policy/resource-graph.ts';
import { page, table } from './markdown.ts';
import type { SynthesizedEnvironment } from './synthesized-environment.ts';

const types = ['aws_cloudwatch_metric_alarm', 'aws_cloudwatch_composite_alarm'];

interface Alarm {
  readonly name: string;
  readonly says: string;
  readonly runbook: string;
  readonly after: string;
}

/** Every alarm: what it says, how long something must last, and what to do. */
export function renderAlarms(environments: readonly SynthesizedEnvironment[]): string {
  const alarms = environments.flatMap(({ environment, graph }) =>
    types
      .flatMap((type) => graph.ofType(type))
      .map((resource) => ({ environment: environment.name, ...describe(resource, environment.name) })),
  );
  const rows = [...Map.groupBy(alarms, ({ name }) => name)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, all]) => {
      const [alarm] = all.toReversed();
      if (alarm === undefined) return [];
      const where = all.length === environments.length ? 'all' : all.map(({ environment }) => environment).join(', ');
      return [[`\`${name}\``, alarm.says, alarm.after, alarm.runbook, where]];
    });
  return page('Alarms', [
    'All go to the topic of alerts, when they begin and when they end. Where environments differ, the numbers are those of the last.',
    table(['alarm', 'says', 'after', 'what to do', 'in'], rows),
  ]);
}

function describe({ attributes }: GraphResource, environment: string): Alarm {
  const [says = '', runbook] = String(attributes.alarm_description).split(/\s*What to do: /);
  return {
    name: String(attributes.alarm_name).replace(`stowage-${environment}-`, ''),
    says,
    runbook: runbook === undefined ? '' : `[runbook](../${runbook.replace(/^docs\//, '')})`,
    after: duration(attributes),
  };
}

function duration(attributes: GraphResource['attributes']): string {
  const period =
    numberAt(attributes, 'period') ?? numberAt(attributes, 'metric_query.metric.period') ?? periodOf(attributes);
  const periods = numberAt(attributes, 'evaluation_periods');
  if (period === undefined || periods === undefined) return 'at once';
  const needed = numberAt(attributes, 'datapoints_to_alarm') ?? periods;
  return needed === periods ? `${(period * periods) / 60} min` : `${needed} of ${periods} × ${period / 60} min`;
}

/** Queries of metrics follow expressions in no fixed order. */
function periodOf(attributes: GraphResource['attributes']): number | undefined {
  const queries: readonly unknown[] = Array.isArray(attributes.metric_query) ? attributes.metric_query : [];
  return queries
    .map((query) => numberAt(query, 'metric.period') ?? numberAt(query, 'period'))
    .find((period) => period !== undefined);
}

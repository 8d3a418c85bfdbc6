import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { isFormula, type Measure, type Metric } from './metric.ts';

/** Lines over time. */
export interface Chart {
  readonly title: string;
  /** What is drawn, by what it is called in the legend. */
  readonly lines: Readonly<Record<string, Measure>>;
  /** @default 300 */
  readonly periodSeconds?: number;
  /** Where the metrics are. @default the region of the stack */
  readonly region?: string;
}

/** The state of alarms, as lights. */
export interface AlarmLights {
  readonly title: string;
  readonly alarms: readonly { readonly arn: string }[];
}

export interface DashboardProps {
  /** Last part of the name. */
  readonly name: string;
  /** From top to bottom; what is in a row shares its width. */
  readonly rows: readonly (readonly (Chart | AlarmLights)[])[];
}

const gridWidth = 24;
const rowHeight = 6;

/** A page of charts in CloudWatch. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { name, rows }: DashboardProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const widgets = rows.flatMap((row, y) => {
      if (row.length < 1 || row.length > 4)
        throw new Error(`A row of a dashboard has 1 to 4 charts, not ${row.length}.`);
      const width = gridWidth / row.length;
      return row.map((part, x) => ({
        ...{ x: x * width, y: y * rowHeight, width, height: rowHeight },
        ...('alarms' in part ? toLights(part) : toChart(part, stack.region)),
      }));
    });
    new CloudwatchDashboard(this, 'Resource', {
      dashboardName: stack.resourceName(name),
      dashboardBody: JSON.stringify({ widgets }),
    });
  }
}

function toLights({ title, alarms }: AlarmLights) {
  return { type: 'alarm', properties: { title, alarms: alarms.map(({ arn }) => arn) } };
}

function toChart({ title, lines, periodSeconds = 300, region }: Chart, ownRegion: string) {
  const metrics = Object.entries(lines).flatMap(([label, measure], index) => toLine(label, measure, `e${index}`));
  return {
    type: 'metric',
    properties: { title, view: 'timeSeries', region: region ?? ownRegion, period: periodSeconds, metrics },
  };
}

function toLine(label: string, measure: Measure, id: string): readonly (readonly unknown[])[] {
  if (!isFormula(measure)) return [[...toPath(measure), { label, stat: measure.statistic }]];
  // Names of metrics are unique in a chart, and those of a formula only in it.
  const expression = measure.expression.replaceAll(/\b[a-z]\w*\b/g, (name) =>
    name in measure.metrics ? `${id}${name}` : name,
  );
  return [
    [{ id, label, expression }],
    ...Object.entries(measure.metrics).map(([name, metric]) => [
      ...toPath(metric),
      { id: `${id}${name}`, stat: metric.statistic, visible: false },
    ]),
  ];
}

function toPath({ namespace, name, dimensions }: Metric): readonly string[] {
  return [namespace, name, ...Object.entries(dimensions).flat()];
}

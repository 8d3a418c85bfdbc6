/** How a period's values become one: `p95` is the value that 95 % of them do not exceed. */
export type Statistic = 'Average' | 'Sum' | 'Minimum' | 'Maximum' | 'SampleCount' | `p${number}`;

/** A measurement that AWS takes of a resource. */
export interface Metric {
  /** Such as `AWS/RDS`. */
  readonly namespace: string;
  readonly name: string;
  /** Which resource, as CloudWatch names it. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
}

/** A value computed of several measurements. */
export interface Formula {
  /** CloudWatch metric math over the names of the metrics. */
  readonly expression: string;
  /** By name: a small letter first. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** What an alarm or a chart is about. */
export type Measure = Metric | Formula;

export function isFormula(measure: Measure): measure is Formula {
  return 'expression' in measure;
}

/**
 * One value for resources of a kind, such as the nodes of a cache: `MAX` of them, or their `SUM`. One resource is its own value.
 * Throws for more than the 10 metrics that an alarm may look at.
 */
export function combine(how: 'MAX' | 'SUM', metrics: readonly Metric[]): Measure {
  const [first] = metrics;
  if (first === undefined || metrics.length > 10)
    throw new Error(`An alarm looks at 1 to 10 metrics, not ${metrics.length}.`);
  if (metrics.length === 1) return first;
  const names = metrics.map((_metric, index) => `m${index}`);
  // A resource that reports nothing counts as zero, instead of hiding what the others report.
  const filled = names.map((name) => `FILL(${name},0)`);
  const expression = how === 'SUM' ? filled.join('+') : `MAX([${filled.join(',')}])`;
  return { expression, metrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])) };
}

import { Gauge, type Registry } from '@stowage/observability';

/** A value for each value of a label. */
export interface LabelledValues {
  readonly label: string;
  readonly values: Readonly<Record<string, number>>;
}

/** The gauges of one job. Their names begin with the job's, so that no two jobs push one of the same name. */
export class JobGauges {
  readonly #registry: Registry;
  readonly #prefix: string;

  /** @param job the name of the job, as in `worker list` */
  constructor(registry: Registry, job: string) {
    this.#registry = registry;
    this.#prefix = `stowage_${job.replaceAll('-', '_')}`;
  }

  set(name: string, help: string, value: number | LabelledValues): void {
    const options = { name: `${this.#prefix}_${name}`, help, registers: [this.#registry] };
    if (typeof value === 'number') {
      new Gauge(options).set(value);
      return;
    }
    const gauge = new Gauge({ ...options, labelNames: [value.label] });
    for (const [of, number] of Object.entries(value.values)) gauge.set({ [value.label]: of }, number);
  }
}

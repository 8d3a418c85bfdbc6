import { Pool } from 'pg';
import type { LoadResult } from '../load-client.ts';

/** What the parent asks for: a query, again and again, by so many callers at once. */
export interface QueryLoad {
  readonly name: string;
  readonly text: string;
  /** The values of each run, taken in turn and again from the first. */
  readonly values: readonly (readonly unknown[])[];
  readonly rows: number;
  readonly callers: number;
  readonly durationMs: number;
}

/** The driver and its pool alone, in a process of their own; no HTTP. Argument: the URL of a database. */
const pool = new Pool({ connectionString: process.argv[2] ?? '', max: 10 });

process.on('message', (load: QueryLoad) => {
  run(load).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.kill(process.pid)); // the bench is gone
process.send?.('ready');

async function run({ name, text, values, rows, callers, durationMs }: QueryLoad): Promise<LoadResult> {
  const startedAt = performance.now();
  let requests = 0;
  const call = async (): Promise<void> => {
    while (performance.now() - startedAt < durationMs) {
      const result = await pool.query({ name, text, values: [...(values[requests % values.length] ?? [])] });
      if (result.rows.length !== rows) throw new Error(`${name} answered ${result.rows.length} rows`);
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return { requests, bytes: 0, seconds: (performance.now() - startedAt) / 1000 };
}

import { connect } from 'node:net';
import { startApi } from '../api-process.ts';
import type { Bench, Load } from '../bench.ts';
import type { Row } from '../row.ts';
import { startStatementCounter, type AskedStatements, type StatementCounter } from '../statement-counter.ts';

/** Asked by a timer, whatever requests there are. */
const BACKGROUND = 'read_cache_epoch';

interface Step {
  readonly work: string;
  readonly most: number;
  readonly run: () => Promise<unknown>;
}

/** How many questions to the database one request costs, counted on the wire. */
export const roundTrips: Load = async (bench) => {
  await using counter = await startStatementCounter(bench.services.databaseUrl);
  await using api = await startApi({ ...bench.environment, DATABASE_URL: counter.url, MIGRATE_ON_START: 'false' });
  const account = bench.account.at(api.port);
  const path = `/v1/buckets/${bench.bucket}/objects/counted`;
  const upload = (): Promise<unknown> => account.putObject(bench.bucket, 'counted', Buffer.alloc(10 * 1024));
  const download = (): Promise<unknown> => account.get(path);
  await upload(); // now the credential and the bucket are cached
  const steps: readonly Step[] = [
    { work: 'upload', most: 3, run: upload },
    { work: 'download, cached', most: 0, run: download },
    {
      work: 'download, cache cold',
      most: 1,
      run: async () => {
        await forgetEntries(bench, ['object-1:*', 'bucket-1:*']);
        await download();
      },
    },
    { work: 'list', most: 1, run: () => account.get(`/v1/buckets/${bench.bucket}/objects?limit=100`) },
  ];
  const rows: Row[] = [];
  for (const step of steps) rows.push(await countStep(step, counter));
  return rows;
};

async function countStep({ work, most, run }: Step, counter: StatementCounter): Promise<Row> {
  counter.take();
  await run();
  const asked = counter.take();
  const names = [...asked.byName].filter(([name]) => name !== BACKGROUND);
  const count = names.reduce((sum, [, times]) => sum + times, 0) + unnamedOf(asked).length;
  return {
    work: `round trips: ${work}`,
    floor: '–',
    subject: [...names.map(([name]) => name), ...unnamedOf(asked)].join(', ') || 'none',
    ratio: String(count),
    budget: `≤ ${most}, all named`,
    passes: count <= most && unnamedOf(asked).length === 0,
    figures: { roundTrips: count, unnamed: unnamedOf(asked).length },
  };
}

function unnamedOf({ byName, unnamed }: AskedStatements): readonly string[] {
  return byName.has('') ? [...unnamed, ''] : unnamed;
}

/** Deletes entries of the cache by pattern, through the wire protocol's inline commands. */
async function forgetEntries({ services }: Bench, patterns: readonly string[]): Promise<void> {
  const { port, hostname } = new URL(services.redisUrl);
  for (const pattern of patterns) {
    const script = `for _, key in ipairs(redis.call('KEYS', '${pattern}')) do redis.call('DEL', key) end return 'done'`;
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(`EVAL "${script}" 0\r\n`));
      socket.once('error', reject);
      socket.once('data', (answer) => {
        socket.end();
        if (answer.toString().includes('done')) resolve();
        else reject(new Error(`Redis answered ${answer.toString()}`));
      });
    });
  }
}

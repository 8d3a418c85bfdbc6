import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findLastMonth } from '../src/report-sla/sla-month.ts';
import { requiredService } from './given.ts';

/** When the report is made, also when a month ends meanwhile. */
export const today = new Date();

/** The month that is reported then. */
export const month = findLastMonth(today);

const start = month.start.getTime() / 1000;
const end = month.end.getTime() / 1000;
const [minute, hour, day] = [60, 3600, 86_400];
const step = 10 * minute;

/** Each ten minutes 100 downloads succeed and one fails; half of them take at most 0.1 s. Ten uploads are fast. */
const counters: readonly { readonly series: string; readonly perStep: number; readonly restarts?: boolean }[] = [
  ...[download({ code: '200' }, 100), download({ code: '503' }, 1), upload({ code: '201' }, 10)].map((counter) => ({
    ...counter,
    series: `http_requests_total${counter.series}`,
  })),
  ...[
    ...[
      download({ le: '0.1' }, 50),
      download({ le: '0.3' }, 91),
      download({ le: '1' }, 100),
      download({ le: '+Inf' }, 101),
    ],
    ...['0.1', '0.3', '1', '+Inf'].map((le) => upload({ le }, 10)),
  ].map((counter) => ({ ...counter, series: `http_request_duration_seconds_bucket${counter.series}` })),
  { series: 'http_requests_total{job="other",method="GET",route="/",code="500"}', perStep: 7 },
];

/** What the report has to say of {@link givenMeasuredMonth}. */
export const expectedReport = {
  month: month.name,
  from: month.start.toISOString(),
  until: month.end.toISOString(),
  availability: { requests: inAll(111), serverErrors: inAll(1), ratio: 0.990991 },
  latency: [
    {
      ...{ method: 'GET', route: '/v1/buckets/:bucket/objects/*key', requests: inAll(101), serverErrors: inAll(1) },
      ...{ p50Seconds: 0.102439, p99Seconds: 0.999222, within300Ms: 0.90099, within1S: 0.990099 },
    },
    {
      ...{ method: 'PUT', route: '/v1/buckets/:bucket/objects/*key', requests: inAll(10), serverErrors: 0 },
      ...{ p50Seconds: 0.05, p99Seconds: 0.099, within300Ms: 1, within1S: 1 },
    },
  ],
  data: { minutes: (end - start) / minute, missingMinutes: 120 },
};

/** A directory with what Prometheus had scraped of an API in the last month; two hours are missing. */
export async function givenMeasuredMonth(): Promise<{ readonly path: string } & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const path = await mkdtemp(join(tmpdir(), 'measured-month-'));
  opened.defer(() => rm(path, { recursive: true, force: true }));
  const file = join(path, 'month.txt');
  await writeFile(file, [...scrapes(), ...counters.flatMap(samplesOf), '# EOF\n'].join('\n'));
  const flags = ['tsdb', 'create-blocks-from', '--quiet', 'openmetrics', '--max-block-duration=744h'];
  await promisify(execFile)(requiredService('TEST_PROMTOOL'), [...flags, file, join(path, 'data')]);
  const resources = opened.move();
  return { path: join(path, 'data'), [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Prometheus was away for 90 minutes on the third day, the API for 30 on the fourth. */
function scrapes(): readonly string[] {
  const away = start + 2 * day + 10 * hour;
  const down = start + 3 * day + 12 * hour;
  const samples: string[] = [];
  for (let time = start + minute; time <= end; time += minute) {
    if (time > away && time <= away + 90 * minute) continue;
    const isDown = time > down && time <= down + 30 * minute;
    samples.push(`up{job="stowage-api",instance="a"} ${isDown ? 0 : 1} ${time}`);
  }
  return samples;
}

function samplesOf({ series, perStep, restarts = false }: (typeof counters)[number]): readonly string[] {
  const restart = start + 9 * day + 12 * hour;
  const samples: string[] = [];
  let value = 0;
  for (let time = start; time <= end; time += step) {
    if (restarts && time === restart) value = perStep;
    samples.push(`${series} ${value} ${time}`);
    value += perStep;
  }
  return samples;
}

function download(label: Readonly<Record<string, string>>, perStep: number) {
  return { series: labelsOf('GET', label), perStep };
}

/** The process that takes uploads is started anew in the middle of the month. */
function upload(label: Readonly<Record<string, string>>, perStep: number) {
  return { series: labelsOf('PUT', label), perStep, restarts: true };
}

function labelsOf(method: string, label: Readonly<Record<string, string>>): string {
  const labels = { job: 'stowage-api', method, route: '/v1/buckets/:bucket/objects/*key', ...label };
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
}

function inAll(perStep: number): number {
  return ((end - start) / step) * perStep;
}

import type { RouteReport, SlaReport } from './sla-report.ts';

/** The report for programs. */
export function toJson(report: SlaReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** The report for people, in Markdown. */
export function toMarkdown({ month, availability, latency, data }: SlaReport): string {
  const { requests, serverErrors, ratio } = availability;
  const measured = (data.minutes - data.missingMinutes) / data.minutes;
  return `# Service level in ${month}

| what | value |
| --- | --- |
| availability | ${percent(ratio)} |
| requests | ${count(requests)} |
| answered with 5xx | ${count(serverErrors)} |
| measured | ${percent(measured)} of the month; ${count(data.missingMinutes)} minutes are missing |

| route | requests | 5xx | p50 | p99 | within 300 ms | within 1 s |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${latency.map(toRow).join('')}`;
}

function toRow({ method, route, requests, serverErrors, ...latency }: RouteReport): string {
  const { p50Seconds, p99Seconds, within300Ms, within1S } = latency;
  const times = `${seconds(p50Seconds)} | ${seconds(p99Seconds)}`;
  const shares = `${percent(within300Ms)} | ${percent(within1S)}`;
  return `| ${method} \`${route}\` | ${count(requests)} | ${count(serverErrors)} | ${times} | ${shares} |\n`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function seconds(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(3)} s`;
}

function percent(ratio: number | undefined): string {
  return ratio === undefined ? '–' : `${(ratio * 100).toFixed(3)} %`;
}

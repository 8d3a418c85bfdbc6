import { canaryRuntime } from '../operations/canary-script.ts';
import type { EnvironmentFault } from './environment-invariants.ts';
import type { Environment } from './environment.ts';

/** Until when AWS mends a version without charging more for it. */
interface SupportedVersion {
  readonly product: 'Kubernetes' | 'PostgreSQL' | 'Redis' | 'Amazon Linux' | 'Synthetics';
  readonly version: string;
  /** Last day of standard support, as YYYY-MM-DD; undefined where none is announced. */
  readonly ends: string | undefined;
}

/** As AWS announced it by November 2026. Extended support costs: for a cluster six times the price. */
const supportCalendar: readonly SupportedVersion[] = [
  { product: 'Kubernetes', version: '1.35', ends: '2027-03-27' },
  { product: 'PostgreSQL', version: '17', ends: '2030-02-28' },
  { product: 'Redis', version: '7', ends: undefined },
  { product: 'Amazon Linux', version: '2023', ends: '2027-06-30' },
  // Its end is that of Node.js 22 in Lambda.
  { product: 'Synthetics', version: 'syn-nodejs-5.1', ends: '2027-04-30' },
];

/** An upgrade takes this long: dev, staging and production, one after the other, with room for surprises. */
const noticeDays = 60;

/** What an environment runs that is out of standard support on a day, or soon will be. */
export function findUnsupported(
  { cluster, database, cache, operations }: Environment,
  today: Date,
): readonly EnvironmentFault[] {
  return [
    ...check('cluster.version', { product: 'Kubernetes', version: cluster.version }, today),
    ...check('cluster.version', { product: 'Amazon Linux', version: '2023' }, today),
    ...check('database.majorVersion', { product: 'PostgreSQL', version: database.majorVersion }, today),
    ...check('cache.engineVersion', { product: 'Redis', version: cache.engineVersion.replace(/\..*$/, '') }, today),
    ...(operations.canary ? check('operations.canary', { product: 'Synthetics', version: canaryRuntime }, today) : []),
  ];
}

function check(
  path: string,
  running: Pick<SupportedVersion, 'product' | 'version'>,
  today: Date,
): readonly EnvironmentFault[] {
  const name = `${running.product} ${running.version}`;
  const entry = supportCalendar.find((known) => known.product === running.product && known.version === running.version);
  if (entry === undefined)
    return [{ path, message: `${name} is not in the support calendar: add when its support ends.` }];
  if (entry.ends === undefined) return [];
  const daysLeft = Math.floor((Date.parse(`${entry.ends}T00:00:00Z`) - today.getTime()) / 86_400_000);
  if (daysLeft > noticeDays) return [];
  const when = daysLeft < 0 ? `ended on ${entry.ends}` : `ends on ${entry.ends}, in ${daysLeft} days`;
  return [
    { path, message: `standard support of ${name} ${when}: upgrade now, later it costs more and is done in haste.` },
  ];
}

/** A month in UTC. */
export interface SlaMonth {
  /** Such as `2026-03`. */
  readonly name: string;
  readonly start: Date;
  readonly end: Date;
  /** When each of its days ends. */
  readonly dayEnds: readonly Date[];
}

const dayMs = 24 * 60 * 60 * 1000;
/** What happened last must have been scraped. */
const settleMs = 10 * 60 * 1000;

/** The last month that is over. */
export function findLastMonth(now: Date): SlaMonth {
  const settled = new Date(now.getTime() - settleMs);
  const start = new Date(Date.UTC(settled.getUTCFullYear(), settled.getUTCMonth() - 1));
  const end = new Date(Date.UTC(settled.getUTCFullYear(), settled.getUTCMonth()));
  const days = (end.getTime() - start.getTime()) / dayMs;
  const dayEnds = Array.from({ length: days }, (_, index) => new Date(start.getTime() + (index + 1) * dayMs));
  return { name: start.toISOString().slice(0, 7), start, end, dayEnds };
}

/** A day in UTC, such as `2026-03-31`. */
export type UsageDay = string;

const dayMs = 24 * 60 * 60 * 1000;
/** A transaction that began before midnight has long ended by then, so that nothing of the day is still to come. */
const settleMs = 10 * 60 * 1000;
const mostDays = 366;

/**
 * The days that have ended and were not measured, oldest first: those after the latest measured one, at most 366, or the
 * last one alone where none was measured yet.
 */
export function findMissingDays(latest: UsageDay | undefined, now: Date): readonly UsageDay[] {
  const last = startOf(new Date(now.getTime() - settleMs)) - dayMs;
  const first = latest === undefined ? last : Math.max(Date.parse(latest) + dayMs, last - (mostDays - 1) * dayMs);
  const days: UsageDay[] = [];
  for (let day = first; day <= last; day += dayMs) days.push(toDay(day));
  return days;
}

/** The day so many days earlier. */
export function daysBefore(day: UsageDay, count: number): UsageDay {
  return toDay(Date.parse(day) - count * dayMs);
}

/** The moment the day ends. */
export function endOfDay(day: UsageDay): Date {
  return new Date(Date.parse(day) + dayMs);
}

function startOf(time: Date): number {
  return Math.floor(time.getTime() / dayMs) * dayMs;
}

function toDay(time: number): UsageDay {
  return new Date(time).toISOString().slice(0, 10);
}

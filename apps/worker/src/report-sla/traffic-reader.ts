import type { Traffic } from './traffic.ts';

/** Knows the traffic of the past. */
export interface TrafficReader {
  /**
   * The traffic of the day that ended then.
   * @throws {TrafficUnavailableError} when it cannot be read
   */
  readDay(dayEnd: Date, signal: AbortSignal): Promise<Traffic>;
}

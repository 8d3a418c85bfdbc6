import { readApiSurface } from '../edge/api-surface.ts';

/** How a service starts and ends, in seconds. */
export interface ServiceTimings {
  /** Sleep between the decision to end a pod and its SIGTERM: the load balancer hears of it in the meantime. */
  readonly preStop: number;
  /** After SIGTERM requests are still taken this long. */
  readonly drain: number;
  /** After that, running requests may take this long. */
  readonly shutdown: number;
  /** After this Kubernetes kills. */
  readonly gracePeriod: number;
  /** How long an idle connection of the load balancer is kept open. */
  readonly keepAlive: number;
}

const { drainSeconds: drain, shutdownSeconds: shutdown, keepAliveSeconds: keepAlive } = readApiSurface();

/** The API, as it is configured in production; `preStop` and `gracePeriod` are what its pods have to say. */
export const apiTimings: ServiceTimings = { preStop: 5, drain, shutdown, gracePeriod: 60, keepAlive };

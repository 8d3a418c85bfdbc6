import type { EnvironmentName } from './environment.ts';

/** What an environment is expected to be used for in a month: the part of its bill that no stack shows. */
export interface ExpectedUsage {
  readonly natGb: number;
  readonly egressGb: number;
  readonly crossZoneGb: number;
  /** Capacity units of the load balancer, on average. */
  readonly loadBalancerUnits: number;
  readonly millionRequests: number;
  readonly millionTraces: number;
  readonly logGb: number;
  readonly customMetrics: number;
  readonly objectGb: number;
  readonly imageGb: number;
  readonly backupGb: number;
  /** Records of AWS Config. */
  readonly configItems: number;
  readonly thousandDataEvents: number;
  readonly inspectedImages: number;
  /** GuardDuty charges for events, gigabytes and machines alike; a sum, in USD. */
  readonly threatDetectionUsd: number;
}

/** Nothing is used: what is left of a bill is for what is there. */
export const noUsage: ExpectedUsage = {
  ...{ natGb: 0, egressGb: 0, crossZoneGb: 0, loadBalancerUnits: 0, millionRequests: 0, millionTraces: 0 },
  ...{ logGb: 0, customMetrics: 0, objectGb: 0, imageGb: 0, backupGb: 0 },
  ...{ configItems: 0, thousandDataEvents: 0, inspectedImages: 0, threatDetectionUsd: 0 },
};

/** Guesses, to be replaced by what the first bills say. */
export const expectedUsage: Readonly<Record<EnvironmentName, ExpectedUsage>> = {
  dev: {
    ...{ natGb: 20, egressGb: 2, crossZoneGb: 10, loadBalancerUnits: 0.2, millionRequests: 1, millionTraces: 0.1 },
    ...{ logGb: 5, customMetrics: 0, objectGb: 20, imageGb: 10, backupGb: 20 },
    ...{ configItems: 0, thousandDataEvents: 0, inspectedImages: 0, threatDetectionUsd: 0 },
  },
  staging: {
    ...{ natGb: 40, egressGb: 5, crossZoneGb: 50, loadBalancerUnits: 0.5, millionRequests: 2, millionTraces: 0.3 },
    ...{ logGb: 15, customMetrics: 20, objectGb: 50, imageGb: 10, backupGb: 60 },
    ...{ configItems: 1_000, thousandDataEvents: 1_000, inspectedImages: 20, threatDetectionUsd: 10 },
  },
  production: {
    ...{ natGb: 100, egressGb: 100, crossZoneGb: 400, loadBalancerUnits: 2, millionRequests: 20, millionTraces: 1 },
    ...{ logGb: 60, customMetrics: 50, objectGb: 500, imageGb: 20, backupGb: 300 },
    ...{ configItems: 2_000, thousandDataEvents: 10_000, inspectedImages: 40, threatDetectionUsd: 25 },
  },
};

/** Prices in us-east-1 on demand, in USD, without free tiers and discounts, as published in 2026. Estimates: no bill was seen. */
export const prices = {
  /** A machine or node, by the hour. */
  hourly: {
    't3.micro': 0.0104,
    't3.medium': 0.0416,
    'db.t3.small': 0.036,
    'cache.t3.micro': 0.017,
  } satisfies Readonly<Record<string, number>> as Readonly<Record<string, number>>,
  /** What spare machines cost of the price on demand. */
  spotShare: 0.4,
  clusterHour: 0.1,
  natHour: 0.045,
  natGb: 0.045,
  publicAddressHour: 0.005,
  endpointHour: 0.01,
  loadBalancerHour: 0.0225,
  loadBalancerUnitHour: 0.008,
  volumeGb: 0.08,
  databaseGb: 0.115,
  backupGb: 0.05,
  objectGb: 0.023,
  imageGb: 0.1,
  webAcl: 5,
  webAclRule: 1,
  webAclMillionRequests: 0.6,
  key: 1,
  secret: 0.4,
  logGb: 0.5,
  alarm: 0.1,
  compositeAlarm: 0.5,
  /** The first three are free. */
  dashboard: 3,
  customMetric: 0.3,
  canaryRun: 0.0012,
  healthCheck: 0.5,
  /** HTTPS and the measurement of latency, each. */
  healthCheckExtra: 1,
  millionTraces: 5,
  egressGb: 0.09,
  crossZoneGb: 0.01,
  configItem: 0.003,
  thousandDataEvents: 0.001,
  inspectedImage: 0.09,
} as const;

/** Hours of a month, as AWS counts them. */
export const hoursAMonth = 730;

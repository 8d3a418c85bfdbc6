import { everywhere, exempt, type Exemption } from './exemption.ts';

/** What the edge and the canary break on purpose. */
export const edgeExemptions: readonly Exemption[] = [
  ...exempt(['AWS-0053'], {
    resources: ['edge/LoadBalancer/Resource'],
    environments: everywhere,
    reason: 'Clients come from the internet; firewall and TLS stand before everything else.',
  }),
  ...exempt(['CKV_AWS_150'], {
    resources: ['edge/LoadBalancer/Resource'],
    environments: ['dev', 'staging'],
    reason: 'What these environments hold can be thrown away.',
  }),
  ...exempt(['CKV_AWS_338'], {
    resources: ['edge/Firewall/Logs/Resource'],
    environments: ['dev', 'staging'],
    reason: 'Nothing of worth is there; a year of logs is for production.',
  }),
  ...exempt(['CKV_AWS_143', 'CKV_AWS_144', 'AWS-0170'], {
    resources: ['observability/Canary/Runs/Resource'],
    environments: ['production'],
    reason: 'What the canary saw is forgotten after 30 days; the next run is five minutes away.',
  }),
];

import { everywhere, exempt, type Exemption } from './exemption.ts';

const canaryRuns = ['observability/Canary/Runs/Resource'];

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
  ...exempt(['CKV_AWS_143'], {
    resources: canaryRuns,
    environments: ['production'],
    reason: 'What the canary saw is forgotten after 30 days.',
  }),
  ...exempt(['CKV_AWS_144'], {
    resources: canaryRuns,
    environments: ['production'],
    reason: 'What the canary saw is worth no copy: the next run is five minutes away.',
  }),
  ...exempt(['AWS-0170'], {
    resources: canaryRuns,
    environments: ['production'],
    reason: 'Terraform cannot set it, and there is nothing to protect.',
  }),
];

import type { Exemption } from './exemptions.ts';

const everywhere = ['dev', 'staging', 'production'] as const;
const throwaway = ['dev', 'staging'] as const;
const owner = 'platform';
const expires = '2027-11-30';

const loadBalancer = ['edge/LoadBalancer/Resource'];
const canaryRuns = ['observability/Canary/Runs/Resource'];

/** What the edge and the canary break on purpose. */
export const edgeExemptions: readonly Exemption[] = [
  {
    ...{ rule: 'AWS-0053', resources: loadBalancer, environments: everywhere, owner, expires },
    reason: 'Clients come from the internet; firewall and TLS stand before everything else.',
  },
  {
    ...{ rule: 'CKV_AWS_150', resources: loadBalancer, environments: throwaway, owner, expires },
    reason: 'What these environments hold can be thrown away.',
  },
  {
    ...{ rule: 'CKV_AWS_338', resources: ['edge/Firewall/Logs/Resource'], environments: throwaway, owner, expires },
    reason: 'Logs of tries are of no use after a quarter of a year, and cost.',
  },
  {
    ...{ rule: 'CKV_AWS_143', resources: canaryRuns, environments: ['production'], owner, expires },
    reason: 'What the canary saw is forgotten after 30 days.',
  },
  {
    ...{ rule: 'CKV_AWS_144', resources: canaryRuns, environments: ['production'], owner, expires },
    reason: 'What the canary saw is worth no copy: the next run is five minutes away.',
  },
  {
    ...{ rule: 'AWS-0170', resources: canaryRuns, environments: ['production'], owner, expires },
    reason: 'Terraform cannot set it, and there is nothing to protect.',
  },
];

import { z } from 'zod';
import { isCidr, mostZones, networkPrefix } from './cidr-plan.ts';
import { clusterVersions } from './cluster-releases.ts';

const cidr = z.string().refine(isCidr, 'must be an IPv4 range from its first address on, such as 10.0.0.0/16');
const accountId = z.string().regex(/^\d{12}$/, 'must be the 12 digits of an AWS account');
const region = z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'must be an AWS region such as us-east-1');
const roleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, 'must be the name of an IAM role, not its ARN');
const hostName = z.string().regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'must be a host name');
const count = z.number().int().positive();
const days = z.number().int().min(0);

/** What CloudWatch takes as a retention, as far as we use it. */
const retentionDays = z.union([7, 14, 30, 60, 90, 180, 365, 400, 731].map((value) => z.literal(value)));

const network = z.strictObject({
  cidr: cidr
    .refine(
      (range) => range.endsWith(`/${networkPrefix}`),
      `must be a /${networkPrefix}: its subnets are planned from that`,
    )
    .describe('Range of the VPC. Subnets follow from it.'),
  reservedCidrs: z.array(cidr).default([]).describe('Ranges of networks it is to be connected with one day.'),
  zones: z
    .array(z.string())
    .min(2, 'needs two zones: load balancer, cluster and database demand it')
    .max(mostZones)
    .describe('Availability zones, in the order of the subnets. Append only.'),
  nat: z.enum(['single', 'per-zone']).describe('`single` is cheap, `per-zone` survives the loss of a zone.'),
  interfaceEndpoints: z
    .array(z.enum(['ecr.api', 'ecr.dkr', 'sts', 'logs', 'secretsmanager', 'ssm', 'ssmmessages']))
    .describe('AWS services reached without the internet. Each costs about 7 USD a month and zone.'),
  bastion: z.boolean().describe('A private instance for sessions by Systems Manager.'),
});

const nodes = z
  .strictObject({ min: z.number().int().min(0), max: count })
  .describe('Nodes the autoscaler keeps at least and at most.');

const cluster = z.strictObject({
  version: z.enum(clusterVersions).describe('Kubernetes; its add-ons are pinned in cluster-releases.ts.'),
  serviceCidr: cidr.describe('Range of Kubernetes services.'),
  publicAccessCidrs: z.array(cidr).describe('Who reaches the API server from outside. None: it is private.'),
  nodes,
  spotNodes: nodes.optional().describe('A second group of spare capacity that AWS may take back.'),
  maxPodsPerNode: z.number().int().min(17).max(110).describe('The machine image reserves memory for each of them.'),
  zonalShift: z.boolean().describe('Lets AWS move traffic away from an impaired zone.'),
  viewers: z.array(roleName).describe('IAM roles of the account that may look at everything but secrets.'),
  teams: z
    .array(z.strictObject({ role: roleName, namespaces: z.array(z.string()).min(1) }))
    .describe('IAM roles that may edit in their namespaces.'),
});

const database = z.strictObject({
  engineVersion: z.string().regex(/^\d+\.\d+$/, 'must be a major and minor version such as 17.6'),
  instanceClass: z.literal('db.t3.small'),
  storageGb: z.number().int().min(20),
  maxStorageGb: z.number().int().min(20).describe('Storage grows by itself up to this.'),
  multiAz: z.boolean(),
  readReplica: z.boolean(),
  masterPassword: z
    .enum(['managed', 'write-only'])
    .describe('`managed`: RDS makes and rotates it. `write-only`: made in the run, stored in Secrets Manager alone.'),
  backupDays: z.number().int().min(7).max(35),
});

const cache = z.strictObject({
  engineVersion: z.string().regex(/^\d+\.\d+$/, 'must be a major and minor version such as 7.1'),
  nodeType: z.literal('cache.t3.micro'),
  nodes: z.number().int().min(1).max(6).describe('One has no standby; from two on, failover is automatic.'),
  snapshotDays: days,
});

const storage = z.strictObject({
  noncurrentDays: z.number().int().min(90).max(365).describe('How long overwritten and deleted bytes can be restored.'),
  logDays: count.describe('How long access logs are kept.'),
});

const edge = z.strictObject({
  hostName: hostName.describe('Where users reach the API.'),
  zoneName: hostName.describe('The public Route 53 zone, which exists already.'),
  requestsPerAddress: z.number().int().min(100).describe('Requests of one address in 5 minutes before it is refused.'),
  signInsPerAddress: z.number().int().min(10).describe('The same, for paths that check a password.'),
  idleTimeoutSeconds: z.number().int().min(60).max(4_000).describe('How long an upload may stand still.'),
  desync: z.enum(['defensive', 'strictest']).describe('What becomes of requests that two parsers read differently.'),
});

const recovery = z.strictObject({
  dailyDays: count.describe('How long daily backups are kept.'),
  monthlyMonths: z.number().int().min(0).describe('How long monthly backups are kept; 0: there are none.'),
  lockVault: z.boolean().describe('Nobody can delete backups early, administrators included.'),
  copyRegion: region.optional().describe('A second region that backups are copied to.'),
});

const account = z.strictObject({
  id: accountId.describe('Each environment has an account of its own.'),
  region,
  ciAccountId: accountId.describe('Account the pipeline runs in.'),
  ciRole: roleName.describe('Its role there, which may assume the roles that plan and apply.'),
  enhancedScanning: z.boolean().describe('Inspector looks at images again when new faults become known.'),
  guardDuty: z.boolean(),
  auditTrail: z.boolean().describe('CloudTrail, Config and the alarms of the CIS benchmark.'),
});

const operations = z.strictObject({
  logDays: retentionDays.describe('How long logs are kept.'),
  alertEmails: z.array(z.email()).min(1).describe('Who learns of alarms and of the budget.'),
  monthlyBudgetUsd: count,
  traceSampling: z.number().min(0).max(1).describe('Share of requests that are traced.'),
  containerInsights: z
    .boolean()
    .describe('Sends measurements of pods and nodes to CloudWatch, which charges for each.'),
  canary: z.boolean().describe('Asks the API from outside every few minutes.'),
});

/** Everything in which environments may differ. */
export const environmentSchema = z.strictObject({
  name: z.enum(['dev', 'staging', 'production']),
  /** What holds state cannot be deleted by a plan. */
  isProtected: z.boolean(),
  owner: z.string().min(1).describe('The team that answers for it; a tag.'),
  costCentre: z.string().min(1).describe('Who pays; a tag.'),
  account,
  network,
  cluster,
  database,
  cache,
  storage,
  edge,
  recovery,
  operations,
});

export type EnvironmentInput = z.input<typeof environmentSchema>;
type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;
export type Environment = Immutable<z.output<typeof environmentSchema>>;
export type EnvironmentName = Environment['name'];

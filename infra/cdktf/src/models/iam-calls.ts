import { grantsOf } from '../policy/policy-statements.ts';
import type { GraphResource, ResourceGraph } from '../policy/resource-graph.ts';

/** What a call of libs/storage needs, by the name of its command. S3 asks nothing more for the parts of an upload. */
export const storageCalls: Readonly<Record<string, readonly string[]>> = {
  AbortMultipartUpload: ['s3:AbortMultipartUpload'],
  CompleteMultipartUpload: ['s3:PutObject'],
  CreateMultipartUpload: ['s3:PutObject'],
  DeleteObjects: ['s3:DeleteObject'],
  GetObject: ['s3:GetObject'],
  HeadBucket: ['s3:ListBucket'],
  HeadObject: ['s3:GetObject'],
  ListMultipartUploads: ['s3:ListBucketMultipartUploads'],
  ListObjectsV2: ['s3:ListBucket'],
  ListParts: ['s3:ListMultipartUploadParts'],
  PutObject: ['s3:PutObject'],
  UploadPart: ['s3:PutObject'],
};

/** What S3 does in our name under a key of ours. */
const encryption = ['kms:Decrypt', 'kms:GenerateDataKey'];
const storage = [...Object.values(storageCalls).flat(), ...encryption];
/** Signing in to PostgreSQL by IAM (libs/db), and to Redis. */
const [database, cache] = ['rds-db:connect', 'elasticache:Connect'];

/** What the program behind a service account calls of AWS, by `NAMESPACE/NAME`. Of programs that are not ours: what their documentation demands. */
export const calledActions: Readonly<Record<string, readonly string[]>> = {
  'stowage/api': [...storage, database, cache],
  'stowage/worker': [...storage, database],
  'stowage/migration': [database],
  // AWS Load Balancer Controller, when it binds pods to target groups and nothing else.
  'kube-system/aws-load-balancer-controller': [
    ...['RegisterTargets', 'DeregisterTargets', 'ModifyTargetGroup', 'ModifyTargetGroupAttributes'].map(balancing),
    ...['DescribeTargetGroups', 'DescribeTargetHealth'].map(balancing),
    ...['ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups', 'ec2:DescribeInstances'],
  ],
  // Cluster Autoscaler with discovery by tags.
  'kube-system/cluster-autoscaler': [
    ...['DescribeAutoScalingGroups', 'DescribeAutoScalingInstances', 'DescribeLaunchConfigurations'].map(scaling),
    ...['DescribeScalingActivities', 'SetDesiredCapacity', 'TerminateInstanceInAutoScalingGroup'].map(scaling),
    ...['ec2:DescribeImages', 'ec2:DescribeInstanceTypes', 'ec2:DescribeLaunchTemplateVersions'],
    ...['ec2:GetInstanceTypesFromInstanceRequirements', 'eks:DescribeNodegroup'],
  ],
  // The exporter of the OpenTelemetry collector to X-Ray.
  'monitoring/otel-collector': [
    ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    ...['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:GetSamplingStatisticSummaries'],
  ],
};

/** What one service account may do and does not need, or needs and may not. */
export interface IamDifference {
  readonly serviceAccount: string;
  readonly unused: readonly string[];
  readonly missing: readonly string[];
}

/** Compares what service accounts may do with what their programs call. None when they are equal. */
export function findIamDifferences(
  graph: ResourceGraph,
  called: Readonly<Record<string, readonly string[]>>,
): readonly IamDifference[] {
  const allowed = allowedActions(graph);
  return [...new Set([...allowed.keys(), ...Object.keys(called)])]
    .map((serviceAccount) => {
      const may = allowed.get(serviceAccount) ?? new Set<string>();
      const needs = new Set(called[serviceAccount]);
      return {
        serviceAccount,
        unused: [...may].filter((action) => !needs.has(action)),
        missing: [...needs].filter((action) => !may.has(action)),
      };
    })
    .filter(({ unused, missing }) => unused.length + missing.length > 0);
}

/** Actions by service account, from the policies of the role that Pod Identity gives it. */
function allowedActions(graph: ResourceGraph): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    graph.ofType('aws_eks_pod_identity_association').map((association) => {
      const { namespace, service_account: account } = association.attributes;
      const role = graph.targetOf(association, 'role_arn');
      return [
        `${String(namespace)}/${String(account)}`,
        role === undefined ? new Set<string>() : actionsOf(graph, role),
      ];
    }),
  );
}

function actionsOf(graph: ResourceGraph, role: GraphResource): ReadonlySet<string> {
  const policies = graph.referrersOf(role, 'aws_iam_role_policy');
  return new Set(policies.flatMap((policy) => grantsOf(policy, 'policy').flatMap(({ actions }) => actions)));
}

function balancing(action: string): string {
  return `elasticloadbalancing:${action}`;
}

function scaling(action: string): string {
  return `autoscaling:${action}`;
}

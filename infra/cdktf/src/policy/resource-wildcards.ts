/**
 * Actions that AWS cannot limit to a resource, or that list and describe: for these alone a statement may say `*`.
 * From the Service Authorization Reference; only what our roles use.
 */
const onlyOnAll: readonly RegExp[] = [
  /^autoscaling:Describe\w+$/,
  /^budgets:Describe\w+$/,
  /^cloudwatch:(?:Describe\w+|GetMetricData|GetMetricStatistics|ListMetrics|PutMetricData)$/,
  /^ec2:(?:Describe\w+|GetInstanceTypesFromInstanceRequirements)$/,
  /^ecr:GetAuthorizationToken$/,
  /^eks:(?:DescribeAddonVersions|ListClusters)$/,
  /^elasticloadbalancing:Describe\w+$/,
  /^iam:(?:Delete|Update)AccountPasswordPolicy$/,
  /^logs:(?:DescribeLogGroups|DescribeQueries|StopQuery)$/,
  /^s3:ListAllMyBuckets$/,
  /^ssm:UpdateInstanceInformation$/,
  /^ssmmessages:\w+$/,
  /^sts:GetCallerIdentity$/,
  /^tag:Get\w+$/,
  /^xray:(?:Put(?:TraceSegments|TelemetryRecords)|GetSampling\w+)$/,
];

/** Whether an action has to be allowed on everything if it is allowed at all. */
export function isOnlyOnAll(action: string): boolean {
  return onlyOnAll.some((pattern) => pattern.test(action));
}

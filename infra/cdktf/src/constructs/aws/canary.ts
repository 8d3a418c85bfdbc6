import { createHash } from 'node:crypto';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
import { SyntheticsCanary } from '@cdktf/provider-aws/lib/synthetics-canary/index.js';
import { Construct } from 'constructs';
import { Fn, resourcesOf, Token } from '../../cdktf.ts';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { LogBucket } from './log-bucket.ts';
import { LogGroup } from './log-group.ts';
import type { Metric } from './metric.ts';
import { PrivateBucket } from './private-bucket.ts';
import { Role } from './role.ts';
import { storedZip } from './stored-zip.ts';

export interface CanaryProps {
  /** Last part of the name. */
  readonly name: string;
  /** A program for Node.js that exports `handler`, and rejects when something is wrong. */
  readonly script: string;
  /** What runs it, such as `syn-nodejs-5.1`. */
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Encrypts the script and what its runs leave behind. */
  readonly key: EncryptionKey;
  readonly accessLogs: LogBucket;
  readonly logs: { readonly key: EncryptionKey; readonly retentionDays: number };
}

const keptDays = 30;

/** Plays a client every five minutes, from outside the network. */
export class Canary extends Construct {
  /** Percent of runs that succeeded. */
  readonly successPercent: Metric;
  readonly #bucket: PrivateBucket;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { name, script, runtime, environment, key, accessLogs } = props;
    const canaryName = BaseStack.of(this).resourceName(name, 'canary');
    this.#bucket = new PrivateBucket(this, 'Runs', {
      ...{ name: 'canary', key, accessLogs, noncurrentDays: 2 * keptDays, isProtected: false },
      lifecycleRules: [
        { id: 'old-runs', status: 'Enabled', filter: [{ prefix: 'runs/' }], expiration: [{ days: keptDays }] },
      ],
    });
    const role = this.#role(canaryName);
    const canary = new SyntheticsCanary(this, 'Resource', {
      name: canaryName,
      runtimeVersion: runtime,
      handler: 'canary.handler',
      ...this.#upload(script),
      executionRoleArn: role.arn,
      artifactS3Location: `s3://${this.#bucket.bucketName}/runs/`,
      artifactConfig: { s3Encryption: { encryptionMode: 'SSE_KMS', kmsKeyArn: key.arn } },
      schedule: { expression: 'rate(5 minutes)' },
      runConfig: { timeoutInSeconds: 60, memoryInMb: 960, environmentVariables: { ...environment } },
      successRetentionPeriod: keptDays,
      failureRetentionPeriod: keptDays,
      deleteLambda: true,
      startCanary: true,
      dependsOn: resourcesOf(role),
    });
    new LogGroup(this, 'Logs', { name: logGroupOf(canary.engineArn), ...props.logs });
    this.successPercent = {
      ...{ namespace: 'CloudWatchSynthetics', name: 'SuccessPercent', statistic: 'Average' },
      dimensions: { CanaryName: canary.name },
    };
  }

  /** The name of the archive changes with what is in it, which is how CloudWatch learns of a new script. */
  #upload(script: string) {
    const archive = storedZip([{ path: 'nodejs/node_modules/canary.js', text: script }]);
    const key = `scripts/${createHash('sha256').update(archive).digest('hex').slice(0, 16)}.zip`;
    const object = new S3Object(this, 'Script', {
      bucket: this.#bucket.bucketName,
      key,
      contentBase64: archive.toString('base64'),
      contentType: 'application/zip',
    });
    return { s3Bucket: object.bucket, s3Key: object.key };
  }

  #role(canaryName: string): Role {
    const stack = BaseStack.of(this);
    const role = new Role(this, 'Role', {
      name: 'canary',
      description: 'Lets the canary leave its results',
      trust: [{ sid: 'Lambda', principals: { Service: ['lambda.amazonaws.com'] } }],
    });
    this.#bucket.grantReadWrite(role);
    role.allow('Report', [
      // It looks for the region of the bucket before it uploads.
      { actions: ['s3:GetBucketLocation'], resources: [this.#bucket.arn] },
      { actions: ['s3:ListAllMyBuckets'], resources: ['*'] },
      {
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': 'CloudWatchSynthetics' } },
      },
      {
        // It may make no group: a run before there is ours would make one without our key and without an end.
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [stack.arn({ service: 'logs', resource: `log-group:/aws/lambda/cwsyn-${canaryName}-*` })],
      },
    ]);
    return role;
  }
}

/** CloudWatch names the function after the canary and an id of its own, in an ARN that ends with a version: known once it is made. */
function logGroupOf(engineArn: string): string {
  return `/aws/lambda/${Token.asString(Fn.element(Fn.split(':', engineArn), 6))}`;
}

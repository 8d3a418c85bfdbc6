import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template/index.js';
import { Construct } from 'constructs';
import { Token } from '../../cdktf.ts';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { SecurityGroup } from './security-group.ts';

export interface NodeTemplateProps {
  readonly securityGroup: SecurityGroup;
  readonly volumesKey: EncryptionKey;
  /** The machine image reserves memory for each pod a node may hold. */
  readonly maxPods: number;
}

const volumeGb = 50;

/** How a node is launched: no public address, no key, an encrypted disk, and metadata that no pod can reach. */
export class NodeTemplate extends Construct {
  readonly templateId: string;
  /** A change of the template makes a new version, which node groups then roll out. */
  readonly latestVersion: string;

  constructor(scope: Construct, id: string, { securityGroup, volumesKey, maxPods }: NodeTemplateProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const name = stack.resourceName('node');
    const template = new LaunchTemplate(this, 'Resource', {
      name,
      updateDefaultVersion: true,
      vpcSecurityGroupIds: [securityGroup.groupId],
      userData: Buffer.from(nodeConfig(maxPods)).toString('base64'),
      // One hop ends at the node: the role of the node is out of reach for pods.
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            volumeType: 'gp3',
            volumeSize: volumeGb,
            encrypted: 'true',
            kmsKeyId: volumesKey.arn,
            deleteOnTermination: 'true',
          },
        },
      ],
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: { ...stack.requiredTags, Name: name },
      })),
    });
    this.templateId = template.id;
    this.latestVersion = Token.asString(template.latestVersion);
  }
}

/** Read by nodeadm of Amazon Linux 2023, merged with what EKS adds. */
function nodeConfig(maxPods: number): string {
  return [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="NODE"',
    '',
    '--NODE',
    'Content-Type: application/node.eks.aws',
    '',
    'apiVersion: node.eks.aws/v1alpha1',
    'kind: NodeConfig',
    'spec:',
    '  kubelet:',
    '    config:',
    `      maxPods: ${maxPods}`,
    '--NODE--',
    '',
  ].join('\n');
}

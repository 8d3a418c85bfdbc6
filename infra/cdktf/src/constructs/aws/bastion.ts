import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js';
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile/index.js';
import { Instance } from '@cdktf/provider-aws/lib/instance/index.js';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { EncryptionKey, logsAsKeyUser } from './encryption-key.ts';
import { LogGroup } from './log-group.ts';
import { Role } from './role.ts';
import type { SecurityGroup } from './security-group.ts';
import { SessionDocument } from './session-document.ts';

export interface BastionProps {
  readonly subnet: Subnet;
  readonly securityGroup: SecurityGroup;
  readonly logRetentionDays: number;
}

/** A private machine that operators reach by Systems Manager alone: no port, no key, no public address; sessions are encrypted and recorded. */
export class Bastion extends Construct {
  constructor(scope: Construct, id: string, { subnet, securityGroup, logRetentionDays }: BastionProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const name = stack.logGroupName('sessions');
    const key = new EncryptionKey(this, 'Key', {
      name: 'sessions',
      description: 'Sessions of operators: their traffic, their record, the disk of the bastion',
      users: [logsAsKeyUser(stack, name)],
    });
    const logGroup = new LogGroup(this, 'Sessions', { name, retentionDays: logRetentionDays, key });
    new SessionDocument(this, 'SessionDocument', { key, logGroup });
    const image = new DataAwsSsmParameter(this, 'Image', {
      name: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    });
    new Instance(this, 'Resource', {
      ami: image.insecureValue,
      instanceType: 't3.micro',
      subnetId: subnet.id,
      vpcSecurityGroupIds: [securityGroup.groupId],
      iamInstanceProfile: this.#profile(key, logGroup),
      associatePublicIpAddress: false,
      monitoring: true,
      ebsOptimized: true,
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      rootBlockDevice: { encrypted: true, kmsKeyId: key.arn, volumeType: 'gp3', volumeSize: 8 },
      // A newer image would replace a machine that somebody may be using.
      lifecycle: { ignoreChanges: ['ami'] },
    });
  }

  #profile(key: EncryptionKey, logGroup: LogGroup): string {
    const role = new Role(this, 'Role', {
      name: 'bastion',
      description: 'The bastion: sessions by Systems Manager',
      trust: [{ sid: 'Ec2', principals: { Service: ['ec2.amazonaws.com'] } }],
      managedPolicies: ['AmazonSSMManagedInstanceCore'],
    });
    key.grantDecrypt(role);
    logGroup.grantWrite(role);
    // Without it no session starts: the agent makes sure that the group is encrypted.
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
    logGroup.grantFind(role);
    return new IamInstanceProfile(this, 'Profile', { name: role.roleName, role: role.roleName }).name;
  }
}

import { ConfigConfigurationAggregator } from '@cdktf/provider-aws/lib/config-configuration-aggregator/index.js';
import { ConfigConfigurationRecorder } from '@cdktf/provider-aws/lib/config-configuration-recorder/index.js';
import { ConfigConfigurationRecorderStatus } from '@cdktf/provider-aws/lib/config-configuration-recorder-status/index.js';
import { ConfigDeliveryChannel } from '@cdktf/provider-aws/lib/config-delivery-channel/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AuditStore } from './audit-store.ts';
import { Role } from './role.ts';

export interface ConfigurationRecordProps {
  readonly store: AuditStore;
}

/** AWS Config: how every resource was set at any time. A region has one recorder. */
export class ConfigurationRecord extends Construct {
  constructor(scope: Construct, id: string, { store }: ConfigurationRecordProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const recorder = new ConfigConfigurationRecorder(this, 'Resource', {
      name: stack.resourceName('settings'),
      roleArn: this.#addRole(stack, store).arn,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
    });
    const channel = new ConfigDeliveryChannel(this, 'Delivery', {
      name: recorder.name,
      s3BucketName: store.bucket.bucketName,
      s3KmsKeyArn: store.key.arn,
      snapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
      dependsOn: [recorder, store.policy],
    });
    new ConfigConfigurationRecorderStatus(this, 'Status', {
      name: recorder.name,
      isEnabled: true,
      dependsOn: [channel],
    });
    new ConfigConfigurationAggregator(this, 'AllRegions', {
      name: stack.resourceName('all-regions'),
      accountAggregationSource: { accountIds: [stack.accountId], allRegions: true },
    });
  }

  #addRole(stack: BaseStack, store: AuditStore): Role {
    const role = new Role(this, 'Role', {
      name: 'settings-record',
      description: 'Lets Config look at every resource and deliver what it saw',
      trust: [
        {
          sid: 'Config',
          principals: { Service: ['config.amazonaws.com'] },
          conditions: { StringEquals: { 'aws:SourceAccount': stack.accountId } },
        },
      ],
      managedPolicies: ['service-role/AWS_ConfigRole'],
    });
    role.allow('DeliverRecords', [
      { actions: ['s3:PutObject'], resources: [`${store.bucket.arn}/AWSLogs/${stack.accountId}/Config/*`] },
      { actions: ['s3:GetBucketAcl', 's3:ListBucket'], resources: [store.bucket.arn] },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [store.key.arn] },
    ]);
    return role;
  }
}

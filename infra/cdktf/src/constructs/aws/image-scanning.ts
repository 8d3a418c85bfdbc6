import { EcrRegistryScanningConfiguration } from '@cdktf/provider-aws/lib/ecr-registry-scanning-configuration/index.js';
import { Inspector2Enabler } from '@cdktf/provider-aws/lib/inspector2-enabler/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AlertTopic } from './alert-topic.ts';

export interface ImageScanningProps {
  /** Whether Inspector looks again when faults become known, at machines too; else ECR looks once, when an image arrives. */
  readonly enhanced: boolean;
  readonly alerts: AlertTopic;
}

/** Looks for known faults in images. A registry has one such setting. */
export class ImageScanning extends Construct {
  constructor(scope: Construct, id: string, { enhanced, alerts }: ImageScanningProps) {
    super(scope, id);
    const inspector = enhanced ? this.#startInspector(alerts) : undefined;
    new EcrRegistryScanningConfiguration(this, 'Resource', {
      scanType: enhanced ? 'ENHANCED' : 'BASIC',
      rule: [
        {
          scanFrequency: enhanced ? 'CONTINUOUS_SCAN' : 'SCAN_ON_PUSH',
          repositoryFilter: [{ filter: '*', filterType: 'WILDCARD' }],
        },
      ],
      ...(inspector && { dependsOn: [inspector] }),
    });
  }

  #startInspector(alerts: AlertTopic): Inspector2Enabler {
    alerts.report(this, 'Findings', {
      name: 'inspector-findings',
      description: 'A fault that is critical, and new',
      source: 'aws.inspector2',
      detailType: 'Inspector2 Finding',
      detail: { severity: ['CRITICAL'], status: ['ACTIVE'] },
    });
    return new Inspector2Enabler(this, 'Inspector', {
      accountIds: [BaseStack.of(this).accountId],
      resourceTypes: ['EC2', 'ECR'],
    });
  }
}

import { GuarddutyDetector } from '@cdktf/provider-aws/lib/guardduty-detector/index.js';
import { GuarddutyDetectorFeature } from '@cdktf/provider-aws/lib/guardduty-detector-feature/index.js';
import { Construct } from 'constructs';
import type { AlertTopic } from './alert-topic.ts';

const features = ['EBS_MALWARE_PROTECTION', 'EKS_AUDIT_LOGS', 'RDS_LOGIN_EVENTS', 'S3_DATA_EVENTS'] as const;

/** Agents that GuardDuty keeps up to date by itself, in the cluster and on machines. */
const managedAgents = ['EC2_AGENT_MANAGEMENT', 'EKS_ADDON_MANAGEMENT'] as const;

export interface ThreatDetectionProps {
  /** Learns of findings of medium severity and more. */
  readonly alerts: AlertTopic;
}

/** GuardDuty: looks for intruders in what AWS records anyway, and on nodes while they run. */
export class ThreatDetection extends Construct {
  constructor(scope: Construct, id: string, { alerts }: ThreatDetectionProps) {
    super(scope, id);
    const detector = new GuarddutyDetector(this, 'Resource', {
      enable: true,
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
    });
    const enable = (name: string) => ({ detectorId: detector.id, name, status: 'ENABLED' });
    for (const feature of features) new GuarddutyDetectorFeature(this, feature, enable(feature));
    new GuarddutyDetectorFeature(this, 'RUNTIME_MONITORING', {
      ...enable('RUNTIME_MONITORING'),
      additionalConfiguration: managedAgents.map((name) => ({ name, status: 'ENABLED' })),
    });
    alerts.report(this, 'Findings', {
      name: 'guardduty-findings',
      description: 'Something looks like an intruder',
      source: 'aws.guardduty',
      detailType: 'GuardDuty Finding',
      // GuardDuty calls 4 and more medium.
      detail: { severity: [{ numeric: ['>=', 4] }] },
    });
  }
}

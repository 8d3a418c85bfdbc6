import { Construct } from 'constructs';
import type { EksCluster } from './eks-cluster.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { LogGroup } from './log-group.ts';

export interface ContainerLogsProps {
  readonly cluster: EksCluster;
  readonly key: EncryptionKey;
  readonly retentionDays: number;
}

/** Where the CloudWatch add-on writes. It would make these groups by itself, without encryption and for ever. */
export class ContainerLogs extends Construct {
  /** What pods print. */
  readonly application: LogGroup;
  /** What the parts of Kubernetes on nodes print. */
  readonly dataplane: LogGroup;
  /** What nodes themselves print. */
  readonly host: LogGroup;
  /** Measurements, as structured lines. */
  readonly performance: LogGroup;

  constructor(scope: Construct, id: string, { cluster, key, retentionDays }: ContainerLogsProps) {
    super(scope, id);
    const group = (groupId: string) =>
      new LogGroup(this, groupId, {
        name: `/aws/containerinsights/${cluster.clusterName}/${groupId.toLowerCase()}`,
        retentionDays,
        key,
      });
    this.application = group('Application');
    this.dataplane = group('Dataplane');
    this.host = group('Host');
    this.performance = group('Performance');
  }
}

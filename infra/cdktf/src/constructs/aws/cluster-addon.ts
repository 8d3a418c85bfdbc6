import { EksAddon } from '@cdktf/provider-aws/lib/eks-addon/index.js';
import { Construct } from 'constructs';
import { resourcesOf } from '../../cdktf.ts';
import type { ClusterAddon as AddonName } from '../../environments/cluster-releases.ts';
import type { EksCluster } from './eks-cluster.ts';
import type { PodIdentityRole } from './pod-identity-role.ts';

export interface ClusterAddonProps {
  readonly cluster: EksCluster;
  readonly name: AddonName;
  /** Exact build, such as v1.13.2-eksbuild.31. */
  readonly version: string;
  /** In the schema of the add-on: `aws eks describe-addon-configuration`. @default the add-on's own */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** The role of its pods; made with `associate: false`. @default none */
  readonly role?: PodIdentityRole;
  /** What must be there first. @default the cluster alone */
  readonly after?: readonly Construct[];
}

/** A part of the cluster that EKS installs and updates. What somebody set by hand survives an update. */
export class ClusterAddon extends Construct {
  constructor(scope: Construct, id: string, props: ClusterAddonProps) {
    super(scope, id);
    const { cluster, name, version, configuration, role, after = [] } = props;
    new EksAddon(this, 'Resource', {
      clusterName: cluster.clusterName,
      addonName: name,
      addonVersion: version,
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'PRESERVE',
      ...(configuration === undefined ? {} : { configurationValues: JSON.stringify(configuration) }),
      ...(role === undefined
        ? {}
        : { podIdentityAssociation: [{ roleArn: role.arn, serviceAccount: role.serviceAccount.name }] }),
      dependsOn: resourcesOf(...(role === undefined ? [] : [role]), ...after),
    });
  }
}

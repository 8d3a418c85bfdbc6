import type { Construct } from 'constructs';
import { AutoscalingRole } from '../constructs/aws/autoscaling-role.ts';
import { DeploymentRoles } from '../constructs/aws/deployment-roles.ts';
import { StateBucket } from '../constructs/aws/state-bucket.ts';
import type { Environment } from '../environments/environment.ts';
import { BaseStack } from './base-stack.ts';

/** What other stacks may use of the bootstrap. */
export interface BootstrapOutputs {
  readonly deployment: DeploymentRoles;
  readonly autoscalingRole: AutoscalingRole;
}

/**
 * Where Terraform keeps its state, and who may run it. Applied once by an administrator with a local state, which then
 * moves into the bucket it made. Protected in every environment: without it nothing else can be changed or deleted.
 */
export class BootstrapStack extends BaseStack {
  readonly outputs: BootstrapOutputs;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'bootstrap', environment);
    const { ciAccountId: accountId, ciRole: role } = environment.account;
    const state = new StateBucket(this, 'State');
    const deployment = new DeploymentRoles(this, 'Deployment', { state, pipeline: { accountId, role } });
    this.outputs = { deployment, autoscalingRole: new AutoscalingRole(this, 'AutoscalingRole') };
  }
}

import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import {
  estateActions,
  planActions,
  planContents,
  roleManagement,
  workloadBoundary,
} from './deployment-permissions.ts';
import { ManagedPolicy } from './managed-policy.ts';
import { pipelineTrust, type Pipeline } from './pipeline-trust.ts';
import type { PolicyStatement } from './policy-document.ts';
import { Role } from './role.ts';
import type { StateBucket } from './state-bucket.ts';

export interface DeploymentRolesProps {
  readonly state: StateBucket;
  readonly pipeline: Pipeline;
}

/**
 * Who may change the estate. `plan` reads, for every change that is proposed; `apply` changes, for those that are approved.
 * Neither can change its own limits: they are set here, once, by an administrator.
 */
export class DeploymentRoles extends Construct {
  readonly plan: Role;
  readonly apply: Role;

  constructor(scope: Construct, id: string, { state, pipeline }: DeploymentRolesProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const boundary = new ManagedPolicy(this, 'WorkloadBoundary', {
      name: 'boundary',
      description: 'The most that a role made by a stack may do',
      statements: workloadBoundary(state.arn),
    });
    const planLimits = new ManagedPolicy(this, 'PlanBoundary', {
      name: 'plan-boundary',
      description: 'The most that the role that plans may do',
      statements: planBoundary(stack, state),
    });
    const limits = new ManagedPolicy(this, 'ApplyBoundary', {
      name: 'apply-boundary',
      description: 'The most that the role that applies may do',
      statements: applyBoundary(stack, state),
    });
    const trust = pipelineTrust(stack, pipeline);
    this.plan = new Role(this, 'Plan', {
      ...{ name: 'plan', description: 'Reads what a plan compares', trust, boundaryArn: planLimits.arn },
    });
    this.plan.allow('ReadSettings', [{ actions: planActions, resources: ['*'] }]);
    this.plan.allow('ReadContents', planContents(stack));
    state.grantPlan(this.plan);
    this.apply = new Role(this, 'Apply', {
      ...{ name: 'apply', description: 'Applies what was approved', trust, boundaryArn: limits.arn },
    });
    this.apply.allow('ManageEstate', [{ actions: estateActions, resources: ['*'] }]);
    this.apply.allow('ReadRoles', [{ actions: ['iam:Get*', 'iam:List*'], resources: ['*'] }]);
    this.apply.allow('ManageRoles', roleManagement(stack, boundary.arn));
    state.grantApply(this.apply);
  }
}

/** Whatever else is attached to it one day, it changes nothing but locks. */
function planBoundary(stack: BaseStack, state: StateBucket): readonly PolicyStatement[] {
  return [
    { sid: 'Settings', actions: planActions, resources: ['*'] },
    ...planContents(stack).map((contents, index) => ({ sid: `Contents${index + 1}`, ...contents })),
    ...state.planPermissions.map((permission, index) => ({ sid: `State${index + 1}`, ...permission })),
  ];
}

/** Whatever else is attached to it one day, it cannot loosen limits nor destroy the record of what it made. */
function applyBoundary(stack: BaseStack, state: StateBucket): readonly PolicyStatement[] {
  const iam = (resource: string) => stack.arn({ service: 'iam', region: '', resource });
  const guarded = ['role', 'policy'].flatMap((kind) =>
    ['plan', 'apply', 'boundary', 'plan-boundary', 'apply-boundary'].map((name) =>
      iam(`${kind}/${stack.resourceName(name)}`),
    ),
  );
  return [
    { sid: 'Estate', actions: [...estateActions, 'iam:*'], resources: ['*'] },
    { sid: 'DenyOwnLimits', effect: 'Deny', actions: guardActions, resources: guarded },
    { sid: 'DenyUnbounded', effect: 'Deny', actions: ['iam:DeleteRolePermissionsBoundary'], resources: ['*'] },
    { sid: 'DenyUsers', effect: 'Deny', actions: ['iam:CreateUser', 'iam:CreateAccessKey'], resources: ['*'] },
    {
      sid: 'DenyLossOfState',
      effect: 'Deny',
      actions: ['s3:DeleteBucket', 's3:DeleteBucketPolicy', 's3:DeleteObjectVersion', 's3:PutBucketVersioning'],
      resources: [state.arn, `${state.arn}/*`],
    },
  ];
}

const guardActions = [
  ...[
    'iam:AttachRolePolicy',
    'iam:CreatePolicyVersion',
    'iam:DeletePolicy',
    'iam:DeletePolicyVersion',
    'iam:DeleteRole',
  ],
  ...['iam:DeleteRolePolicy', 'iam:DetachRolePolicy', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy'],
  ...['iam:SetDefaultPolicyVersion', 'iam:UpdateAssumeRolePolicy'],
];

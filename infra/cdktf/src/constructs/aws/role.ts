import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { policyDocument, trustDocument, type Permission, type TrustStatement } from './policy-document.ts';

export interface RoleProps {
  /** Last part of the name. */
  readonly name: string;
  readonly description: string;
  readonly trust: readonly TrustStatement[];
  /** Names of AWS managed policies. @default none */
  readonly managedPolicies?: readonly string[];
  /** ARN of the policy that bounds what the role may ever do. @default the boundary that the bootstrap stack makes */
  readonly boundaryArn?: string;
  /** How long a session may last, in seconds. @default 3600 */
  readonly sessionSeconds?: number;
}

/** An IAM role. It starts with no permission: what owns a thing grants it, such as `bucket.grantRead(role)`. */
export class Role extends Construct {
  readonly arn: string;
  readonly roleName: string;

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const {
      name,
      description,
      trust,
      managedPolicies = [],
      boundaryArn = stack.boundaryArn,
      sessionSeconds = 3_600,
    } = props;
    const role = new IamRole(this, 'Resource', {
      name: stack.resourceName(name, 'role'),
      description,
      assumeRolePolicy: trustDocument(trust),
      maxSessionDuration: sessionSeconds,
      permissionsBoundary: boundaryArn,
    });
    this.arn = role.arn;
    this.roleName = role.name;
    for (const policy of managedPolicies)
      new IamRolePolicyAttachment(this, policy.replaceAll('/', '-'), {
        role: role.name,
        policyArn: stack.arn({ service: 'iam', region: '', account: 'aws', resource: `policy/${policy}` }),
      });
  }

  /** Grants permissions as one inline policy, named after what they are for, such as `ReadBlobs`. */
  allow(purpose: string, permissions: readonly Permission[]): void {
    const statements = permissions.map((permission, index) => ({
      sid: permissions.length === 1 ? purpose : `${purpose}${index + 1}`,
      ...permission,
    }));
    new IamRolePolicy(this, purpose, { name: purpose, role: this.roleName, policy: policyDocument(statements) });
  }
}

import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { policyDocument, type PolicyStatement } from './policy-document.ts';

export interface ManagedPolicyProps {
  /** Last part of the name. */
  readonly name: string;
  readonly description: string;
  readonly statements: readonly PolicyStatement[];
}

/** A policy with a name of its own: for boundaries, which many roles share. */
export class ManagedPolicy extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, description, statements }: ManagedPolicyProps) {
    super(scope, id);
    this.arn = new IamPolicy(this, 'Resource', {
      name: BaseStack.of(this).resourceName(name),
      description,
      policy: policyDocument(statements),
    }).arn;
  }
}

import { Role } from '../src/constructs/aws/role.ts';
import { blocksAt } from '../src/policy/attributes.ts';
import { asPolicy, type ResourceGraph } from '../src/policy/resource-graph.ts';
import type { GivenStack } from './given-stack.ts';

/** A role that has been granted nothing. */
export function givenRole(stack: GivenStack): Role {
  return new Role(stack, 'GivenRole', {
    name: 'given',
    description: 'Given by a test',
    trust: [{ sid: 'Ec2', principals: { Service: ['ec2.amazonaws.com'] } }],
  });
}

/** What that role was granted: actions with the text of what they are allowed on. */
export function grantedTo(graph: ResourceGraph): readonly { readonly actions: unknown; readonly on: string }[] {
  return graph
    .ofType('aws_iam_role_policy')
    .filter((policy) => graph.targetOf(policy, 'role')?.path === 'given/GivenRole/Resource')
    .flatMap(({ attributes }) => blocksAt(asPolicy(attributes.policy), 'Statement'))
    .map(({ Action, Resource }) => ({ actions: Action, on: String(Resource) }));
}

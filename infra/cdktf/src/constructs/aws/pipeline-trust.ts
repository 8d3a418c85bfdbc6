import type { BaseStack } from '../../stacks/base-stack.ts';
import type { TrustStatement } from './policy-document.ts';

/** The pipeline: its account and its role there. */
export interface Pipeline {
  readonly accountId: string;
  readonly role: string;
}

/** Lets the pipeline, in its own account, assume a role of this one. */
export function pipelineTrust(stack: BaseStack, { accountId, role }: Pipeline): readonly TrustStatement[] {
  return [
    {
      sid: 'Pipeline',
      principals: {
        AWS: [stack.arn({ service: 'iam', region: '', account: accountId, resource: `role/${role}` })],
      },
      actions: ['sts:AssumeRole', 'sts:TagSession'],
    },
  ];
}

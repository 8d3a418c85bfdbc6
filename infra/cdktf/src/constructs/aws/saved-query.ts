import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { LogGroup } from './log-group.ts';

export interface SavedQueryProps {
  /** Folder and name: `api/errors-by-route`. */
  readonly name: string;
  readonly logGroups: readonly LogGroup[];
  /** Commands of CloudWatch Logs Insights, in order. */
  readonly commands: readonly string[];
}

/** A question to logs, saved where it is asked: in the console of Logs Insights, in a folder of the environment. */
export class SavedQuery extends Construct {
  constructor(scope: Construct, id: string, { name, logGroups, commands }: SavedQueryProps) {
    super(scope, id);
    new CloudwatchQueryDefinition(this, 'Resource', {
      name: `${BaseStack.of(this).resourceName('logs')}/${name}`,
      logGroupNames: logGroups.map(({ groupName }) => groupName),
      queryString: commands.join('\n| '),
    });
  }
}

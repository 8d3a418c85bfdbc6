import { SsmDocument } from '@cdktf/provider-aws/lib/ssm-document/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { LogGroup } from './log-group.ts';

export interface SessionDocumentProps {
  readonly key: EncryptionKey;
  readonly logGroup: LogGroup;
}

/** How sessions of operators run: encrypted, recorded, ended after 20 idle minutes. `aws ssm start-session --document-name` takes its name. */
export class SessionDocument extends Construct {
  constructor(scope: Construct, id: string, { key, logGroup }: SessionDocumentProps) {
    super(scope, id);
    new SsmDocument(this, 'Resource', {
      name: BaseStack.of(this).resourceName('session'),
      documentType: 'Session',
      documentFormat: 'JSON',
      content: JSON.stringify({
        schemaVersion: '1.0',
        description: 'Shell of an operator',
        sessionType: 'Standard_Stream',
        inputs: {
          kmsKeyId: key.arn,
          cloudWatchLogGroupName: logGroup.groupName,
          cloudWatchEncryptionEnabled: true,
          cloudWatchStreamingEnabled: true,
          idleSessionTimeout: '20',
          maxSessionDuration: '480',
        },
      }),
    });
  }
}

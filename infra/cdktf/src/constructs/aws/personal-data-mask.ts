import { CloudwatchLogDataProtectionPolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-data-protection-policy/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { LogGroup } from './log-group.ts';

export interface PersonalDataMaskProps {
  readonly logGroup: LogGroup;
}

/**
 * What CloudWatch recognizes and masks. Addresses of machines are not among it: whoever looks for a fault needs them, and those of
 * customers are not logged.
 */
const masked = [
  'EmailAddress',
  'CreditCardNumber',
  'AwsSecretKey',
  'OpenSshPrivateKey',
  'PgpPrivateKey',
  'PkcsPrivateKey',
];

/** Masks personal data and secrets in a log group, should a program print them after all. Only `logs:Unmask` shows them. */
export class PersonalDataMask extends Construct {
  constructor(scope: Construct, id: string, { logGroup }: PersonalDataMaskProps) {
    super(scope, id);
    const identifiers = { service: 'dataprotection', region: '', account: 'aws' };
    const dataIdentifier = masked.map((name) =>
      BaseStack.of(this).arn({ ...identifiers, resource: `data-identifier/${name}` }),
    );
    new CloudwatchLogDataProtectionPolicy(this, 'Resource', {
      logGroupName: logGroup.groupName,
      policyDocument: JSON.stringify({
        Name: 'personal-data',
        Version: '2021-06-01',
        // AWS wants both, about the same data: one counts what is found, one masks it.
        Statement: [
          { Sid: 'Count', DataIdentifier: dataIdentifier, Operation: { Audit: { FindingsDestination: {} } } },
          { Sid: 'Mask', DataIdentifier: dataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } },
        ],
      }),
    });
  }
}

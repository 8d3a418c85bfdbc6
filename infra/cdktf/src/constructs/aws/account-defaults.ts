import { AccessanalyzerAnalyzer } from '@cdktf/provider-aws/lib/accessanalyzer-analyzer/index.js';
import { AccountAlternateContact } from '@cdktf/provider-aws/lib/account-alternate-contact/index.js';
import { EbsEncryptionByDefault } from '@cdktf/provider-aws/lib/ebs-encryption-by-default/index.js';
import { EbsSnapshotBlockPublicAccess } from '@cdktf/provider-aws/lib/ebs-snapshot-block-public-access/index.js';
import { Ec2InstanceMetadataDefaults } from '@cdktf/provider-aws/lib/ec2-instance-metadata-defaults/index.js';
import { IamAccountPasswordPolicy } from '@cdktf/provider-aws/lib/iam-account-password-policy/index.js';
import { S3AccountPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-account-public-access-block/index.js';
import { XrayEncryptionConfig } from '@cdktf/provider-aws/lib/xray-encryption-config/index.js';
import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import { EncryptionKey } from './encryption-key.ts';

/** Whom AWS calls when it sees an attack. */
export interface SecurityContact {
  readonly name: string;
  readonly title: string;
  readonly email: string;
  /** With the country's code, such as `+1 555 0100`. */
  readonly phone: string;
}

export interface AccountDefaultsProps {
  readonly securityContact: SecurityContact;
}

/** Settings that an account or its region has once, and that hold for what is made by hand as well. */
export class AccountDefaults extends Construct {
  constructor(scope: Construct, id: string, { securityContact }: AccountDefaultsProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    new AccountAlternateContact(this, 'SecurityContact', {
      alternateContactType: 'SECURITY',
      ...{ name: securityContact.name, title: securityContact.title },
      emailAddress: securityContact.email,
      phoneNumber: securityContact.phone,
    });
    new AccessanalyzerAnalyzer(this, 'AccessAnalyzer', {
      analyzerName: stack.resourceName('account'),
      type: 'ACCOUNT',
    });
    this.#closeStorage();
    this.#closeSignIn();
    const key = new EncryptionKey(this, 'TracesKey', { name: 'traces', description: 'Traces in X-Ray' });
    new XrayEncryptionConfig(this, 'Traces', { type: 'KMS', keyId: key.arn });
  }

  #closeStorage(): void {
    new S3AccountPublicAccessBlock(this, 'Buckets', {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new EbsEncryptionByDefault(this, 'Disks', { enabled: true });
    new EbsSnapshotBlockPublicAccess(this, 'Snapshots', { state: 'block-all-sharing' });
  }

  #closeSignIn(): void {
    new Ec2InstanceMetadataDefaults(this, 'InstanceMetadata', {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      httpPutResponseHopLimit: 1,
    });
    // There are no IAM users; should somebody make one, its password is none that is guessed.
    new IamAccountPasswordPolicy(this, 'Passwords', {
      minimumPasswordLength: 16,
      requireLowercaseCharacters: true,
      requireUppercaseCharacters: true,
      requireNumbers: true,
      requireSymbols: true,
      passwordReusePrevention: 24,
      maxPasswordAge: 90,
      allowUsersToChangePassword: true,
    });
  }
}

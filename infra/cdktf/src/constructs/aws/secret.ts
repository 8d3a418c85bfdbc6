import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { SecretsmanagerSecretPolicy } from '@cdktf/provider-aws/lib/secretsmanager-secret-policy/index.js';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js';
import { Construct } from 'constructs';
import { addEphemeral, ref, Token } from '../../cdktf.ts';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { policyDocument } from './policy-document.ts';
import type { Role } from './role.ts';

export interface GeneratedSecretProps {
  /** Last part of the name. */
  readonly name: string;
  readonly description: string;
  readonly key: EncryptionKey;
  /** Raising it makes a new value in the next run. */
  readonly version: number;
  /** The stored text, with the random value in it. @default the value alone */
  readonly content?: (value: string) => string;
  /** Whether a plan that would delete it is refused. */
  readonly isProtected: boolean;
}

/**
 * A secret that Terraform draws at random and hands to Secrets Manager without keeping it: it is neither in the output nor in the state.
 * `value` is what is stored, read back: a value that a run draws and cannot store it has given to nobody. It may only be given to write-only arguments.
 */
export class GeneratedSecret extends Construct {
  readonly arn: string;
  readonly value: string;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    const { name, description, key, version, isProtected, content = (value: string) => value } = props;
    const stack = BaseStack.of(this);
    this.#key = key;
    const secret = new SecretsmanagerSecret(this, 'Resource', {
      name: stack.resourceName(name),
      description,
      kmsKeyId: key.arn,
      recoveryWindowInDays: 30,
      lifecycle: { preventDestroy: isProtected },
    });
    this.arn = secret.arn;
    const password = addEphemeral(stack, {
      type: 'aws_secretsmanager_random_password',
      name: name.replaceAll('-', '_'),
      attributes: { password_length: 40, exclude_punctuation: true },
    });
    const stored = new SecretsmanagerSecretVersion(this, 'Version', {
      secretId: secret.id,
      secretStringWo: content(Token.asString(ref(`${password}.random_password`))),
      secretStringWoVersion: version,
    });
    const readBack = addEphemeral(stack, {
      type: 'aws_secretsmanager_secret_version',
      name: name.replaceAll('-', '_'),
      // Known once the version is written, so that Terraform waits for it.
      attributes: { secret_id: stored.secretId, version_id: stored.versionId },
    });
    this.value = Token.asString(ref(`${readBack}.secret_string`));
    this.#limitReaders();
  }

  /** Lets a role read the value. */
  grantRead(role: Role): void {
    role.allow(`Read${this.node.id}`, [{ actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] }]);
    this.#key.grantDecrypt(role);
  }

  /** Whatever IAM says elsewhere, no other account reads it. */
  #limitReaders(): void {
    new SecretsmanagerSecretPolicy(this, 'Policy', {
      secretArn: this.arn,
      blockPublicPolicy: true,
      policy: policyDocument([
        {
          sid: 'RefuseOtherAccounts',
          effect: 'Deny',
          principals: '*',
          actions: ['secretsmanager:GetSecretValue'],
          resources: ['*'],
          conditions: { StringNotEquals: { 'aws:PrincipalAccount': BaseStack.of(this).accountId } },
        },
      ]),
    });
  }
}

import type { DbInstanceConfig } from '@cdktf/provider-aws/lib/db-instance/index.js';
import type { Construct } from 'constructs';
import { Fn, Token } from '../../cdktf.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { GeneratedSecret } from './secret.ts';

/**
 * Who keeps the administrator's password. RDS makes no replica of a database whose password it manages, so a replica
 * can only be asked for with a password that we make. Neither is ever in Terraform's output or state.
 */
export type PostgresCredentials =
  | { readonly password: 'managed'; readonly readReplica: false }
  | {
      readonly password: 'write-only';
      /** Raising it replaces the password in the next run. */
      readonly passwordVersion: number;
      readonly readReplica: boolean;
    };

/** The administrator, whom people use to set up other users. Programs sign in by IAM. */
const administrator = 'stowage_admin';

export interface CredentialsProps {
  readonly credentials: PostgresCredentials;
  /** Encrypts the password, wherever it is kept. */
  readonly key: EncryptionKey;
  readonly isProtected: boolean;
}

/** What the instance must be told about its administrator. */
export type CredentialArguments = Pick<
  DbInstanceConfig,
  'username' | 'manageMasterUserPassword' | 'masterUserSecretKmsKeyId' | 'passwordWo' | 'passwordWoVersion'
>;

/** Makes the secret where RDS does not. */
export function credentialArguments(scope: Construct, props: CredentialsProps): CredentialArguments {
  const { credentials, key, isProtected } = props;
  if (credentials.password === 'managed')
    return { username: administrator, manageMasterUserPassword: true, masterUserSecretKmsKeyId: key.arn };
  const { passwordVersion } = credentials;
  const secret = new GeneratedSecret(scope, 'Password', {
    name: 'database-password',
    description: `Password of ${administrator}; replaced by raising database.passwordVersion`,
    version: passwordVersion,
    content: (password) => Fn.jsonencode({ username: administrator, password }),
    ...{ key, isProtected },
  });
  const passwordWo = Token.asString(Fn.lookup(Fn.jsondecode(secret.value), 'password'));
  return { username: administrator, passwordWo, passwordWoVersion: passwordVersion };
}

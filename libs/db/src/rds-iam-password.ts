import { Signer } from '@aws-sdk/rds-signer';

/** Whom the token is for; the same host and port as the connection's, since they are signed. */
export interface RdsIamPasswordOptions {
  readonly host: string;
  readonly port: number;
  /** A database user that was granted `rds_iam`. */
  readonly user: string;
  readonly region: string;
}

/**
 * A password function for RDS IAM authentication: a fresh token, valid for 15 minutes, for each new connection. RDS
 * takes such tokens over TLS only. Credentials come from the AWS SDK's chain of providers.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export function rdsIamPassword({ host, port, user, region }: RdsIamPasswordOptions): () => Promise<string> {
  const signer = new Signer({ hostname: host, port, username: user, region });
  return () => signer.getAuthToken();
}

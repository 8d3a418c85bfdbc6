import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { RedisCredentials } from './redis-connection.ts';

/** AWS takes a token this long after it was signed. */
const TOKEN_LIFETIME_SECONDS = 900;

/** Whom the token is for; all of it is signed. */
export interface ElastiCacheCredentialsOptions {
  /** Name of the replication group, not its host name. AWS keeps it in lower case. */
  readonly cacheName: string;
  /** A user of ElastiCache with IAM authentication, whose id is its name. */
  readonly user: string;
  readonly region: string;
  /** Who signs. @default the AWS SDK's chain of providers */
  readonly identity?: ConstructorParameters<typeof SignatureV4>[0]['credentials'];
  /** @default the current time */
  readonly now?: () => Date;
}

/**
 * Credentials for ElastiCache with IAM authentication: a fresh token, valid for 15 minutes, for each call. ElastiCache takes
 * them over TLS only, and ends a connection 12 hours after its last token.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export function elastiCacheCredentials(options: ElastiCacheCredentialsOptions): () => Promise<RedisCredentials> {
  const { user, region, identity = fromNodeProviderChain(), now = () => new Date() } = options;
  const hostname = options.cacheName.toLowerCase();
  const signer = new SignatureV4({ service: 'elasticache', region, credentials: identity, sha256: Sha256 });
  const request = new HttpRequest({
    ...{ method: 'GET', protocol: 'https:', hostname, headers: { host: hostname } },
    query: { Action: 'connect', User: user },
  });
  return async () => {
    const { query } = await signer.presign(request, { expiresIn: TOKEN_LIFETIME_SECONDS, signingDate: now() });
    return { username: user, password: `${hostname}/?${encode(query ?? {})}` };
  };
}

function encode(query: NonNullable<HttpRequest['query']>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
}

import type { ClientConfig } from 'pg';

/** TLS towards the server. The certificate is always checked; there is no way to switch that off but `sslmode=no-verify`. */
export interface TlsOptions {
  /** PEM of the authorities to trust, for RDS the bundle AWS publishes. @default Node's own list */
  readonly ca?: string;
  /** Name the certificate must carry. @default the host connected to */
  readonly servername?: string;
}

/** Where a database is and how to get in. */
export type DatabaseConnection =
  | {
      /**
       * `postgres://user:password@host:port/database`. The one parameter understood is `sslmode`: `disable` (no TLS, also
       * the default), `no-verify` (TLS, any certificate), and `require`, `verify-ca`, `verify-full` (TLS, checked).
       */
      readonly url: string;
      /** @default what the URL's `sslmode` says */
      readonly tls?: boolean | TlsOptions;
    }
  | {
      readonly host: string;
      /** @default 5432 */
      readonly port?: number;
      readonly database: string;
      readonly user: string;
      /** A function is called for every new connection: an IAM token, or a secret that is rotated. */
      readonly password: string | (() => Promise<string>);
      /** @default false */
      readonly tls?: boolean | TlsOptions;
    };

const DEFAULT_PORT = 5432;
const CHECKED_MODES = ['require', 'verify-ca', 'verify-full'];

/** What is wrong with a URL, in words that do not repeat it; undefined when nothing is. */
export function databaseUrlFault(url: string): string | undefined {
  try {
    parseUrl(url);
    return undefined;
  } catch (error) {
    return (error as TypeError).message;
  }
}

/**
 * The driver's words for a connection. Nothing is left to the driver's PG* environment variables.
 * @throws {TypeError} when the URL is malformed; the message does not repeat it, as it holds a password
 */
export function toClientConfig(connection: DatabaseConnection): ClientConfig {
  const { tls } = connection;
  if ('url' in connection) {
    const fromUrl = parseUrl(connection.url);
    return tls === undefined ? fromUrl : { ...fromUrl, ssl: toSsl(tls) };
  }
  const { host, port = DEFAULT_PORT, database, user, password } = connection;
  return { host, port, database, user, password, ssl: toSsl(tls ?? false) };
}

function toSsl(tls: boolean | TlsOptions): NonNullable<ClientConfig['ssl']> {
  if (tls === true) return {};
  return tls === false ? false : { ...tls };
}

function parseUrl(text: string): ClientConfig {
  const url = URL.parse(text);
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol) || url.hostname === '')
    throw new TypeError('the database URL must be a postgres:// URL with a host');
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'sslmode');
  if (unknown !== undefined) throw new TypeError(`the database URL has the unknown parameter '${unknown}'`);
  const user = decode(url.username);
  const database = decode(url.pathname.slice(1));
  if (user === '' || database === '') throw new TypeError('the database URL must name a user and a database');
  return {
    host: url.hostname.replace(/^\[(.+)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database,
    user,
    // Empty rather than absent: the driver would look for PGPASSWORD and a .pgpass file.
    password: decode(url.password),
    ssl: sslOfMode(url.searchParams.get('sslmode') ?? 'disable'),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError("the database URL has a '%' that encodes nothing: write it as %25");
  }
}

function sslOfMode(mode: string): NonNullable<ClientConfig['ssl']> {
  if (mode === 'disable') return false;
  if (mode === 'no-verify') return { rejectUnauthorized: false };
  if (CHECKED_MODES.includes(mode)) return {};
  throw new TypeError(`the database URL has the unknown sslmode '${mode}'`);
}

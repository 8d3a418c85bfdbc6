import { z } from 'zod';
import { databaseUrlFault, type DatabaseConnection } from './connection-config.ts';
import { rdsIamPassword } from './rds-iam-password.ts';

const url = z
  .string()
  .check(({ value, issues }) => {
    const message = databaseUrlFault(value);
    if (message !== undefined) issues.push({ code: 'custom', message, input: value });
  })
  .optional();

/** What an app is called by the database server. */
export interface DatabaseNames {
  /** Database, where DATABASE_NAME is not set. */
  readonly database: string;
  /** Role, where DATABASE_USER is not set. */
  readonly user: string;
}

/** Variables that name a database, as fields of an app's settings schema. */
export function databaseSettings(names: DatabaseNames): DatabaseFields {
  return fieldsWith(names);
}

/** The fields of {@link databaseSettings}. */
export type DatabaseFields = ReturnType<typeof fieldsWith>;

/** The values of {@link databaseSettings}. */
export type DatabaseSettings = z.output<z.ZodObject<DatabaseFields>>;

/**
 * How to reach the database: by URL, or by host with IAM authentication.
 * @throws {TypeError} when neither is set; apps refuse such settings before
 */
export function databaseConnection(settings: DatabaseSettings): DatabaseConnection {
  const { DATABASE_URL: url, DATABASE_HOST: host } = settings;
  if (url !== undefined) return { url };
  if (host === undefined) throw new TypeError('neither DATABASE_URL nor DATABASE_HOST is set');
  return connectionByIam(host, settings);
}

/** How to reach the read replica, by URL or by host with IAM authentication; undefined when there is none. */
export function readerConnection(settings: DatabaseSettings): DatabaseConnection | undefined {
  const { DATABASE_READER_URL: url, DATABASE_READER_HOST: host } = settings;
  if (url !== undefined) return { url };
  return host === undefined ? undefined : connectionByIam(host, settings);
}

function connectionByIam(host: string, settings: DatabaseSettings): DatabaseConnection {
  const { DATABASE_PORT: port, DATABASE_NAME: database, DATABASE_USER: user, AWS_REGION: region } = settings;
  return { host, port, database, user, password: rdsIamPassword({ host, port, user, region }), tls: true };
}

// Its return type is what the schema infers.
function fieldsWith({ database, user }: DatabaseNames) {
  return {
    DATABASE_URL: url.describe('PostgreSQL connection URL.'),
    DATABASE_HOST: z
      .string()
      .optional()
      .describe(
        'PostgreSQL host, where IAM authentication is used instead of a URL. Its certificate is checked: `NODE_EXTRA_CA_CERTS` names the bundle of RDS.',
      ),
    DATABASE_PORT: z.coerce.number().int().min(0).max(65_535).default(5432).describe('With DATABASE_HOST.'),
    DATABASE_NAME: z.string().default(database).describe('With DATABASE_HOST.'),
    DATABASE_USER: z.string().default(user).describe('With DATABASE_HOST; must be granted rds_iam.'),
    DATABASE_READER_URL: url.describe('URL of the read replica, if there is one.'),
    DATABASE_READER_HOST: z
      .string()
      .optional()
      .describe('Host of the read replica instead, with port, name, user and authentication of DATABASE_HOST.'),
    DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(200).default(10).describe('Most connections of one process.'),
    AWS_REGION: z.string().default('us-east-1').describe('Region of RDS, ElastiCache and S3.'),
  };
}

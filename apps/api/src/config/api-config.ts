import { redisFaults, redisSettings } from '@stowage/cache';
import { databaseSettings } from '@stowage/db';
import { readSettings, type Environment } from '@stowage/settings';
import { blobStoreSettings } from '@stowage/storage';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const milliseconds = z.coerce.number().int().min(0).max(3_600_000);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const httpUrl = z.url({ protocol: /^https?$/ });
const origins = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .refine((items) => items.every(isOrigin), 'must be origins such as https://app.example.com, without a path');

/** Browsers send origins in this spelling, and they are compared as texts. */
function isOrigin(text: string): boolean {
  return httpUrl.safeParse(text).success && new URL(text).origin === text;
}

/** Every variable the API reads. `docs/configuration.md` is generated from it. */
export const apiSettings = z.object({
  NODE_ENV: z
    .enum(['production', 'development', 'test'])
    .default('development')
    .describe('`production` demands real services and secure cookies.'),
  PORT: port.default(5002).describe('Port of the public API.'),
  HOST: z.string().default('0.0.0.0').describe('Address both servers listen on.'),
  OPERATIONS_PORT: port
    .default(9464)
    .describe('Port of /livez, /readyz and /metrics. Keep it away from the load balancer.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('The least severe level that is logged.'),

  ...databaseSettings({ database: 'stowage', user: 'stowage_api' }),
  ...redisSettings,
  ...blobStoreSettings,

  SIGN_UP_MODE: z
    .enum(['open', 'invite', 'closed'])
    .default('open')
    .describe('`open`: anybody may make an account; `invite`: users come by invitation only; `closed`: nobody comes.'),
  PUBLIC_URL: httpUrl
    .optional()
    .describe(
      'The origin users see, such as https://files.example.com. Writes with a session cookie from other origins are refused.',
    ),
  CORS_ORIGINS: origins
    .default([])
    .describe('Comma-separated origins that may call the API from a browser; with PUBLIC_URL.'),
  TRUST_PROXY_HOPS: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('How many proxies in front of the API set X-Forwarded-For.'),
  SESSION_LIFETIME_HOURS: z.coerce
    .number()
    .min(1)
    .max(8_760)
    .default(24 * 14)
    .describe('A session ends this long after sign-in.'),
  MAX_OBJECT_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .max(5 * 1024 ** 4)
    .default(5 * 1024 ** 4)
    .describe('Largest object accepted. S3 allows 5 TiB.'),
  REDIRECT_DOWNLOADS_FROM_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Objects of at least this size are answered by a redirect to a presigned S3 URL.'),
  PENDING_BLOB_HOURS: z.coerce
    .number()
    .positive()
    .max(8_760)
    .default(24)
    .describe('An upload that takes longer is given up and its bytes are collected.'),

  REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(6_000)
    .describe('Requests of one credential, or of one address without one.'),
  MAX_CONNECTIONS: z.coerce
    .number()
    .int()
    .positive()
    .max(65_535)
    .default(2_000)
    .describe('Most connections of one process to the public port; any more are closed at once.'),
  SIGN_INS_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(10)
    .describe('Sign-in and sign-up attempts from one address, and for one e-mail address.'),
  MIGRATE_ON_START: flag
    .optional()
    .describe(
      'Whether the API migrates the database when it starts. Without it: yes, but not in production, where a job does it before.',
    ),
  DRAIN_MS: milliseconds
    .optional()
    .describe(
      'After SIGTERM the API goes on serving this long; longer than the load balancer needs to stop sending. Without it: 10000 in production, 0 elsewhere.',
    ),
  SHUTDOWN_MS: milliseconds.default(30_000).describe('After this long open requests are cut.'),
});

export type ApiSettings = z.output<typeof apiSettings>;

/** How long the API goes on serving after SIGTERM. */
export function drainMs({ DRAIN_MS, NODE_ENV }: Pick<ApiSettings, 'DRAIN_MS' | 'NODE_ENV'>): number {
  return DRAIN_MS ?? (NODE_ENV === 'production' ? 10_000 : 0);
}

/**
 * Reads and checks the settings once.
 * @throws {ConfigurationError} naming every fault at once
 */
export function readApiConfig(env: Environment): ApiSettings {
  return readSettings(apiSettings, env, { findFaults: missingServices });
}

function missingServices(present: Environment): readonly string[] {
  const isProduction = present.NODE_ENV === 'production';
  const faults: string[] = [];
  if (present.DATABASE_URL === undefined && present.DATABASE_HOST === undefined) {
    faults.push(
      isProduction
        ? 'DATABASE_URL: required in production, or DATABASE_HOST with IAM authentication'
        : 'DATABASE_URL: not set; `npx nx serve api` starts a database and sets it',
    );
  }
  const required = isProduction ? ['REDIS_URL', 'S3_BUCKET', 'PUBLIC_URL'] : [];
  for (const name of required) if (present[name] === undefined) faults.push(`${name}: required in production`);
  if (!isProduction && present.CORS_ORIGINS !== undefined && present.PUBLIC_URL === undefined)
    faults.push('PUBLIC_URL: required with CORS_ORIGINS, or the pages of the API itself may not write');
  return [...faults, ...redisFaults(present)];
}

import { z } from 'zod';
import { elastiCacheCredentials } from './elasticache-credentials.ts';
import type { RedisClientOptions } from './redis-client.ts';

/** Variables that name a Redis, as fields of an app's settings schema. */
export const redisSettings = {
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, abort: true })
    .refine(isUsable, "must name a host, have no path but the number of a database, and write '%' as %25")
    .optional()
    .describe(
      'Redis connection URL. Without it, outside production, the cache is kept in the process: run one process only.',
    ),
  REDIS_IAM_USER: z
    .string()
    .optional()
    .describe(
      'User of ElastiCache with IAM authentication, instead of one in a `rediss://` URL. Needs REDIS_IAM_CACHE.',
    ),
  REDIS_IAM_CACHE: z.string().optional().describe('Name of the replication group; with REDIS_IAM_USER.'),
  AWS_REGION: z.string().default('us-east-1').describe('Region of RDS, ElastiCache and S3.'),
};

/** What the driver would refuse each time it connects. */
function isUsable(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.hostname === '' || !/^\/?\d*$/.test(url.pathname)) return false;
  try {
    decodeURIComponent(url.username + url.password);
    return true;
  } catch {
    return false;
  }
}

/** The values of {@link redisSettings}. */
export type RedisSettings = z.output<z.ZodObject<typeof redisSettings>>;

/**
 * What is wrong with these variables together, each fault with the variable it is about: tokens go over TLS only, and
 * belong to one user of one cache.
 */
export function redisFaults(
  settings: Readonly<Partial<Record<keyof RedisSettings, string | undefined>>>,
): readonly string[] {
  const { REDIS_URL: url, REDIS_IAM_USER: user, REDIS_IAM_CACHE: cacheName } = settings;
  if (user === undefined && cacheName === undefined) return [];
  if (user === undefined) return ['REDIS_IAM_USER: required with REDIS_IAM_CACHE'];
  if (cacheName === undefined) return ['REDIS_IAM_CACHE: required with REDIS_IAM_USER'];
  const isPlain = url !== undefined && !url.startsWith('rediss://');
  return isPlain ? ['REDIS_URL: must be a rediss:// URL with REDIS_IAM_USER'] : [];
}

/**
 * Where Redis is and how to get in; undefined when the settings name none.
 * @throws Error naming what {@link redisFaults} finds
 */
export function redisConnection(settings: RedisSettings): Pick<RedisClientOptions, 'url' | 'credentials'> | undefined {
  const [fault] = redisFaults(settings);
  if (fault !== undefined) throw new Error(fault);
  const { REDIS_URL: url, REDIS_IAM_USER: user, REDIS_IAM_CACHE: cacheName, AWS_REGION: region } = settings;
  if (url === undefined) return undefined;
  if (user === undefined || cacheName === undefined) return { url };
  return { url, credentials: elastiCacheCredentials({ user, cacheName, region }) };
}

/** What a kind of resource allows as a name, by the documentation of its service. */
const longest = {
  bucket: 63,
  cacheGroup: 40,
  canary: 21,
  database: 63,
  loadBalancer: 32,
  role: 64,
  targetGroup: 32,
  tracing: 32,
  any: 100,
} as const;

/** A kind of resource whose names are limited. */
export type NamedKind = keyof typeof longest;

/** Where a name belongs. */
export interface NameScope {
  readonly environment: string;
  readonly accountId: string;
}

/** First part of every name and of every path that is ours. */
export const product = 'stowage';

/**
 * The name of a resource: `stowage-dev-app-nodes`. Buckets get the account too, as their names are the world's.
 * Throws when the service would refuse the name, which Terraform finds out only when it applies.
 */
export function resourceName(scope: NameScope, name: string, kind: NamedKind = 'any'): string {
  const parts = [product, scope.environment, name, ...(kind === 'bucket' ? [scope.accountId] : [])];
  const full = parts.join('-');
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(full))
    throw new Error(`"${full}" is no name for a resource: lower-case words with single dashes between them.`);
  if (full.length > longest[kind])
    throw new Error(`"${full}" has ${full.length} characters; a ${kind} may have ${longest[kind]}.`);
  return full;
}

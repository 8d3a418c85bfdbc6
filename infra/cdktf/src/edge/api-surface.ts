import { z } from 'zod';
import written from './api-surface.json' with { type: 'json' };

const route = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE']),
  /** As Express has it: `:name` is one segment, `*name` the rest of the path. */
  path: z.string().startsWith('/'),
  /** The body is the content of a file, not JSON. */
  uploads: z.boolean().default(false),
  /** It checks a password or makes one, and the API limits it far more tightly. */
  signsIn: z.boolean().default(false),
  /** Names of the parameters its query may have. */
  query: z.array(z.string()).default([]),
});

const surface = z.strictObject({
  port: z.number().int(),
  healthPath: z.string().startsWith('/'),
  /** How long the API keeps an idle connection of the load balancer open. */
  keepAliveSeconds: z.number().int(),
  /** How long it goes on serving after SIGTERM. */
  drainSeconds: z.number().int(),
  /** How long requests under way may take after that. */
  shutdownSeconds: z.number().int(),
  routes: z.array(route),
});

export type ApiRoute = Readonly<z.output<typeof route>>;
export type ApiSurface = Readonly<Omit<z.output<typeof surface>, 'routes'>> & { readonly routes: readonly ApiRoute[] };

/**
 * What the edge relies on of the API. A test of the API compares the file with the running API
 * (`apps/api/test/edge-surface.integration.test.ts`), so that a new route is not forgotten here.
 */
export function readApiSurface(json: unknown = written): ApiSurface {
  const { routes, ...rest } = surface.parse(json);
  return { ...rest, routes: routes.flatMap(withHead) };
}

/** The API answers HEAD wherever it answers GET. */
function withHead(get: ApiRoute): readonly ApiRoute[] {
  return get.method === 'GET' ? [get, { ...get, method: 'HEAD' }] : [get];
}

/** The paths a route answers to, as a regular expression. */
export function pathPattern({ path }: Pick<ApiRoute, 'path'>): string {
  const segments = path.split('/').map((segment) => {
    if (segment.startsWith(':')) return '[^/]+';
    return segment.startsWith('*') ? '.+' : segment.replaceAll(/[.\\+*?()[\]{}|^$]/g, '\\$&');
  });
  return `^${segments.join('/')}$`;
}

import type { Express, Request, RequestHandler, Response } from 'express';
import type { Authenticate } from './authenticate.ts';
import { InsufficientScopeError, MethodNotAllowedError, UnauthenticatedError } from './http-errors.ts';
import { readJson } from './json-body.ts';
import { parseRequest } from './parse-request.ts';
import { hasScope } from './principal.ts';
import type { LimitRate } from './rate-limit.ts';
import type { Route } from './route.ts';

export interface Gate {
  readonly authenticate: Authenticate;
  readonly limitRate: LimitRate;
}

/** Mounts every route; any other method on a known path is answered by 405 with `Allow`. */
export function mountRoutes(app: Express, routes: readonly Route[], gate: Gate): void {
  for (const route of routes) app[route.method](route.path, toHandler(route, gate));
  for (const [path, methods] of methodsByPath(routes)) {
    app.all(path, (req, res) => {
      res.locals.route = path;
      if (req.method !== 'OPTIONS') throw new MethodNotAllowedError(methods);
      res.status(204).setHeader('Allow', methods.join(', ')).end();
    });
  }
}

function toHandler(route: Route, gate: Gate): RequestHandler {
  return async (req, res) => {
    res.locals.route = route.path;
    await admit(route, gate, { req, res });
    if (route.request.body !== undefined && route.request.body !== 'bytes') await readJson(req, res);
    await route.handle(parseRequest(route.request, req), { req, res });
  };
}

async function admit(
  route: Route,
  { authenticate, limitRate }: Gate,
  exchange: { req: Request; res: Response },
): Promise<void> {
  const { req, res } = exchange;
  const { rateLimit = 'request' } = route;
  if (rateLimit === 'none' && route.access === 'anonymous') return;
  const limit = async (): Promise<void> => (rateLimit === 'none' ? undefined : limitRate(rateLimit, req, res));
  const principal = await authenticate(req).catch(async (error: unknown) => {
    await limit(); // by address: guesses cost a question to the database each
    throw error;
  });
  if (principal !== undefined) res.locals.principal = principal;
  await limit();
  if (route.access === 'anonymous') return;
  if (principal === undefined) throw new UnauthenticatedError();
  if (!hasScope(principal, route.access)) throw new InsufficientScopeError(route.access);
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const byPath = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const methods = byPath.get(path) ?? [];
    methods.push(...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
    byPath.set(path, methods);
  }
  return byPath;
}

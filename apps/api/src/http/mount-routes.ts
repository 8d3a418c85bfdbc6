import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Authenticate } from './authenticate.ts';
import {
  InsufficientScopeError,
  MethodNotAllowedError,
  UnauthenticatedError,
  UnsupportedMediaTypeError,
} from './http-errors.ts';
import { parseRequest } from './parse-request.ts';
import { hasScope } from './principal.ts';
import type { LimitRate } from './rate-limit.ts';
import type { Route } from './route.ts';

/** Largest JSON body: a thousand keys of a thousand bytes fit. */
const jsonBodyBytes = 2 * 1024 ** 2;

export interface Gate {
  readonly authenticate: Authenticate;
  readonly limitRate: LimitRate;
}

/** Mounts every route; any other method on a known path is answered by 405 with `Allow`. */
export function mountRoutes(app: Express, routes: readonly Route[], gate: Gate): void {
  const parseJson = express.json({ limit: jsonBodyBytes, inflate: false });
  for (const route of routes) app[route.method](route.path, toHandler(route, gate, parseJson));
  for (const [path, methods] of methodsByPath(routes)) {
    app.all(path, (req, res) => {
      res.locals.route = path;
      if (req.method !== 'OPTIONS') throw new MethodNotAllowedError(methods);
      res.status(204).setHeader('Allow', methods.join(', ')).end();
    });
  }
}

function toHandler(route: Route, gate: Gate, parseJson: RequestHandler): RequestHandler {
  return async (req, res) => {
    res.locals.route = route.path;
    await admit(route, gate, { req, res });
    if (route.request.body !== undefined && route.request.body !== 'bytes') await readJson(parseJson, req, res);
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
  if (rateLimit === 'none') return;
  const principal = await authenticate(req);
  if (principal !== undefined) res.locals.principal = principal;
  await limitRate(rateLimit, req, res);
  if (route.access === 'anonymous') return;
  if (principal === undefined) throw new UnauthenticatedError();
  if (!hasScope(principal, route.access)) throw new InsufficientScopeError(route.access);
}

async function readJson(parseJson: RequestHandler, req: Request, res: Response): Promise<void> {
  const hasBody =
    req.headers['content-length'] !== '0' &&
    (req.headers['content-length'] ?? req.headers['transfer-encoding']) !== undefined;
  if (hasBody && req.is('application/json') === false) throw new UnsupportedMediaTypeError('application/json');
  acceptBody(req, res);
  await new Promise<void>((resolve, reject) => {
    void parseJson(req, res, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

/** RFC 9110 §10.1.1: tells a client that waits for `100 Continue` to send its body. The server leaves that to us, so that refused bodies are never sent. */
export function acceptBody(req: Request, res: Response): void {
  if (req.headers.expect?.toLowerCase() === '100-continue') res.writeContinue();
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

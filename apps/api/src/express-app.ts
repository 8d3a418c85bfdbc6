import type { HttpMetrics, Logger } from '@stowage/observability';
import cors from 'cors';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { documentRoutes } from './api-document/document-routes.ts';
import { checkMessage } from './http/check-message.ts';
import { createErrorHandler } from './http/error-handler.ts';
import { sendJson } from './http/json-response.ts';
import { mountRoutes, type Gate } from './http/mount-routes.ts';
import { notFound } from './http/not-found.ts';
import { requestContext } from './http/request-context.ts';
import { limitUnreadBody } from './http/request-body.ts';
import type { Route } from './http/route.ts';

export interface ExpressAppOptions {
  readonly routes: readonly Route[];
  readonly gate: Gate;
  readonly log: Logger;
  readonly metrics: HttpMetrics;
  readonly trustProxyHops: number;
  readonly corsOrigins: readonly string[];
}

/** Helmet's, without those that only browsers of the past know. */
const securityHeaders = {
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const;

/** All that answers have beyond what any page may read; `object-headers.ts` adds those of metadata. */
const exposedHeaders = [
  'Accept-Ranges',
  'Allow',
  'Content-Disposition',
  'Content-Range',
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Repr-Digest',
  'Retry-After',
  'Stowage-Version-Id',
  'WWW-Authenticate',
  'X-Request-Id',
];

/** Everything a request passes through, in order. */
export function createExpressApp(options: ExpressAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // objects have their own, and hashing every other answer buys nothing
  app.set('query parser', false); // `parseRequest` reads the query
  app.enable('strict routing'); // a key may end in a slash
  app.enable('case sensitive routing');
  app.set('trust proxy', options.trustProxyHops);
  app.response.json = sendJson;

  app.use(requestContext(options.log, options.metrics));
  app.use(limitUnreadBody);
  app.use(checkMessage);
  app.use(helmet(securityHeaders));
  if (options.corsOrigins.length > 0) app.use(allowOrigins(options.corsOrigins));
  mountRoutes(app, [...options.routes, ...documentRoutes(options.routes)], options.gate);
  app.use(notFound);
  app.use(createErrorHandler(options.log));
  return app;
}

function allowOrigins(origins: readonly string[]): ReturnType<typeof cors> {
  return cors({
    origin: [...origins],
    credentials: true,
    preflightContinue: true, // to the answer of the path, which has `Allow`
    exposedHeaders: [...exposedHeaders],
    maxAge: 600,
  });
}

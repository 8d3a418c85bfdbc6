import { requestId, setTraceRoute, UNMATCHED_ROUTE, type HttpMetrics, type Logger } from '@stowage/observability';
import type { RequestHandler } from 'express';
import { countBodyBytes } from './body-bytes.ts';

/** Gives each request its id; when it ends, counts it and writes its access log line. */
export function requestContext(log: Logger, metrics: HttpMetrics): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    const id = requestId(req.headers['x-request-id']);
    res.locals.requestId = id;
    res.setHeader('X-Request-Id', id);
    const bodyBytes = countBodyBytes(req, res);
    metrics.inFlight.inc();
    res.once('close', () => {
      metrics.inFlight.dec();
      const durationSeconds = (performance.now() - startedAt) / 1000;
      const { method } = req;
      const route = res.locals.route ?? UNMATCHED_ROUTE;
      // 499, as nginx has it: the client went away before the answer was complete.
      const status = res.writableFinished ? res.statusCode : 499;
      metrics.observe({ method, route, status, durationSeconds, ...bodyBytes() });
      setTraceRoute(method, route);
      log.info(
        { requestId: id, method, route, status, durationMs: Math.round(durationSeconds * 1e6) / 1e3 },
        'request',
      );
    });
    next();
  };
}

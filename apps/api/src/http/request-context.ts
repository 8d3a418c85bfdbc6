import { requestId, type HttpMetrics, type Logger } from '@stowage/observability';
import type { RequestHandler } from 'express';

/** Gives each request its id and logger; when it ends, counts it and writes its access log line. */
export function requestContext(log: Logger, metrics: HttpMetrics): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    const id = requestId(req.headers['x-request-id']);
    res.locals.requestId = id;
    res.locals.log = log.child({ requestId: id });
    res.setHeader('X-Request-Id', id);
    metrics.started();
    res.once('close', () => {
      const durationSeconds = (performance.now() - startedAt) / 1000;
      const route = res.locals.route ?? 'unmatched';
      // 499, as nginx has it: the client went away before the answer was complete.
      const status = res.writableFinished ? res.statusCode : 499;
      metrics.finished({ method: req.method, route, status, durationSeconds });
      res.locals.log.info({ method: req.method, route, status, durationMs: Math.round(durationSeconds * 1e6) / 1e3 }, 'request');
    });
    next();
  };
}

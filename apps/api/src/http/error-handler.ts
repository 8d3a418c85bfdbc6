import { DatabaseUnavailableError, StatementTimeoutError } from '@stowage/db';
import { BlobStoreUnavailableError } from '@stowage/storage';
import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../errors/domain-error.ts';
import { RangeNotSatisfiableError } from '../objects/object-errors.ts';
import {
  BodyTooLargeError,
  MethodNotAllowedError,
  RateLimitedError,
  UnsupportedMediaTypeError,
} from './http-errors.ts';
import { InvalidRequestError } from './invalid-request-error.ts';
import { isProblemCode, problemCatalog, type ProblemCode } from './problem-catalog.ts';

/** Headers an answer had already when it failed, which are not true of a problem. */
const contentHeaders = new Set([
  'accept-ranges',
  'content-disposition',
  'content-length',
  'content-range',
  'etag',
  'last-modified',
  'repr-digest',
]);

/** The one place where errors become answers: RFC 9457, `application/problem+json`. */
export function errorHandler(thrown: unknown, req: Request, res: Response, next: NextFunction): void {
  const error = toDomainError(thrown);
  const code: ProblemCode = error !== undefined && isProblemCode(error.code) ? error.code : 'internal-error';
  const { status, title } = problemCatalog[code];
  logFault(status, thrown, res);
  if (res.headersSent) {
    next(thrown); // Express cuts the connection: the client must not take what it has for the whole
    return;
  }
  for (const name of res.getHeaderNames()) if (contentHeaders.has(name)) res.removeHeader(name);
  if (error !== undefined) setHeaders(error, res);
  if (status === 503) res.setHeader('Retry-After', '1');
  refuseRestOfBody(req, res);
  const body = {
    type: `/problems/${code}`,
    title,
    status,
    // What went wrong inside is for the log alone.
    detail: status >= 500 || error === undefined ? problemCatalog[code].detail : error.message,
    instance: `/requests/${res.locals.requestId}`,
    ...(error instanceof InvalidRequestError && { errors: error.faults }),
  };
  res.status(status).setHeader('Cache-Control', 'no-store').setHeader('Content-Type', 'application/problem+json');
  res.end(req.method === 'HEAD' ? undefined : JSON.stringify(body));
}

function toDomainError(thrown: unknown): DomainError | undefined {
  if (thrown instanceof DomainError) return thrown;
  if (
    thrown instanceof DatabaseUnavailableError ||
    thrown instanceof StatementTimeoutError ||
    thrown instanceof BlobStoreUnavailableError
  ) {
    return new DomainError('unavailable', thrown.message, { cause: thrown });
  }
  return fromBodyParser(thrown);
}

/** Errors of Express itself and of its body parser, told apart by their documented `type` and `status`. */
function fromBodyParser(thrown: unknown): DomainError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { type, status, limit } = thrown as Error & { type?: string; status?: number; limit?: number };
  if (type === 'entity.too.large') return new BodyTooLargeError(limit ?? 0);
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return new UnsupportedMediaTypeError('application/json');
  if (type === 'entity.parse.failed') {
    return new InvalidRequestError([{ pointer: '', detail: 'The body is not valid JSON.' }], { cause: thrown });
  }
  if (type === 'request.aborted' || type === 'request.size.invalid') {
    return new InvalidRequestError([{ header: 'content-length', detail: 'The body is shorter than Content-Length.' }], {
      cause: thrown,
    });
  }
  if (thrown instanceof URIError || status === 400) {
    return new InvalidRequestError([{ detail: 'The path is not valid percent-encoded UTF-8.' }], { cause: thrown });
  }
  return undefined;
}

function setHeaders(error: DomainError, res: Response): void {
  if (error instanceof RateLimitedError) res.setHeader('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
  if (error instanceof MethodNotAllowedError) res.setHeader('Allow', error.allowed.join(', '));
  // RFC 9110 §11.6.1: a 401 must name how to authenticate.
  if (error.code === 'unauthenticated' || error.code === 'sign-in-failed') res.setHeader('WWW-Authenticate', 'Bearer');
  // RFC 9110 §15.5.17: a 416 tells the size.
  if (error instanceof RangeNotSatisfiableError) res.setHeader('Content-Range', `bytes */${error.sizeBytes}`);
}

/** A refused upload is not read to its end: RFC 9110 §9.3.4 lets the server close. Small rests are cheaper read than reconnected. */
function refuseRestOfBody(req: Request, res: Response): void {
  if (req.complete) return;
  const announced = Number(req.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  if (announced > 1024 ** 2) res.setHeader('Connection', 'close');
}

function logFault(status: number, thrown: unknown, res: Response): void {
  if (status === 503) res.locals.log.warn({ err: thrown }, 'request failed: a dependency is unavailable');
  else if (status >= 500) res.locals.log.error({ err: thrown }, 'request failed');
}

import { DatabaseUnavailableError, LockTimeoutError, SerializationError, StatementTimeoutError } from '@stowage/db';
import type { Logger } from '@stowage/observability';
import { BlobStoreUnavailableError } from '@stowage/storage';
import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express';
import { DomainError } from '../errors/domain-error.ts';
import { IdempotencyKeyInUseError } from '../idempotency/idempotency-errors.ts';
import { PreconditionFailedError, RangeNotSatisfiableError } from '../objects/object-errors.ts';
import {
  BodyTooLargeError,
  InsufficientScopeError,
  InvalidAccessTokenError,
  MethodNotAllowedError,
  RateLimitedError,
  UnsupportedMediaTypeError,
  UploadTooSlowError,
} from './http-errors.ts';
import { InvalidRequestError } from './invalid-request-error.ts';
import { closeLingering } from './lingering-close.ts';
import { isProblemCode, problemCatalog, type ProblemCode } from './problem-catalog.ts';
import { hasBody } from './request-body.ts';

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
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, req: Request, res: Response, next: NextFunction): void => {
    if (res.destroyed && isDeparture(thrown)) return; // nobody is there to be answered, and nothing failed
    const error = toDomainError(thrown);
    const code: ProblemCode = error !== undefined && isProblemCode(error.code) ? error.code : 'internal-error';
    const { status, title } = problemCatalog[code];
    logFault(log, { code, err: thrown, requestId: res.locals.requestId });
    if (res.headersSent) {
      next(thrown); // Express cuts the connection: the client must not take what it has for the whole
      return;
    }
    for (const name of res.getHeaderNames()) {
      if (contentHeaders.has(name) || name.startsWith('stowage-')) res.removeHeader(name);
    }
    if (error !== undefined) setHeaders(error, res);
    if (status === 503) res.setHeader('Retry-After', '1');
    refuseRestOfBody(error, req, res);
    const body = JSON.stringify({
      type: `/problems/${code}`,
      title,
      status,
      // What went wrong inside is for the log alone.
      detail: status >= 500 || error === undefined ? problemCatalog[code].detail : error.message,
      instance: `/requests/${res.locals.requestId}`,
      ...(error instanceof InvalidRequestError && { errors: error.faults }),
    });
    res.status(status).setHeader('Cache-Control', 'no-store').setHeader('Content-Type', 'application/problem+json');
    res.setHeader('Content-Length', Buffer.byteLength(body)); // to HEAD too: some clients close a connection without it
    res.end(req.method === 'HEAD' ? undefined : body);
  };
}

/** What reading from or writing to a client that went away ends with. */
function isDeparture(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { name, code } = thrown as { name?: unknown; code?: unknown };
  return (
    name === 'AbortError' || code === 'ECONNABORTED' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
  );
}

function toDomainError(thrown: unknown): DomainError | undefined {
  if (thrown instanceof DomainError) return thrown;
  if (
    thrown instanceof DatabaseUnavailableError ||
    thrown instanceof StatementTimeoutError ||
    thrown instanceof LockTimeoutError ||
    thrown instanceof SerializationError ||
    thrown instanceof BlobStoreUnavailableError
  ) {
    return new DomainError('unavailable', thrown.message, { cause: thrown });
  }
  return fromExpress(thrown);
}

/** Errors of Express itself, of its body parser and of its sender of files, told apart by their documented `type` and `status`. */
function fromExpress(thrown: unknown): DomainError | undefined {
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
  if (status === 412) return new PreconditionFailedError();
  if (thrown instanceof URIError || status === 400) {
    return new InvalidRequestError([{ detail: 'The path is not valid percent-encoded UTF-8.' }], { cause: thrown });
  }
  return undefined;
}

function setHeaders(error: DomainError, res: Response): void {
  if (error instanceof RateLimitedError) res.setHeader('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
  if (error instanceof IdempotencyKeyInUseError) res.setHeader('Retry-After', '1');
  if (error instanceof MethodNotAllowedError) res.setHeader('Allow', error.allowed.join(', '));
  const challenge = toChallenge(error);
  if (challenge !== undefined) res.setHeader('WWW-Authenticate', challenge);
  // RFC 9110 §15.5.17: a 416 tells the size.
  if (error instanceof RangeNotSatisfiableError) res.setHeader('Content-Range', `bytes */${error.sizeBytes}`);
}

/** RFC 9110 §11.6.1: a 401 must name how to authenticate. RFC 6750 §3.1: what is wrong with a token that came. */
function toChallenge(error: DomainError): string | undefined {
  if (error instanceof InsufficientScopeError) return `Bearer error="insufficient_scope", scope="${error.scope}"`;
  if (error instanceof InvalidAccessTokenError) return 'Bearer error="invalid_token"';
  return error.code === 'unauthenticated' || error.code === 'sign-in-failed' ? 'Bearer' : undefined;
}

/**
 * A refused body is not read to its end: RFC 9110 §9.3.4 lets the server close, once the answer is there. A small one is
 * cheaper read than reconnected, as long as `limitUnreadBody` waits; a slow one is not waited for (§15.5.9).
 */
function refuseRestOfBody(error: DomainError | undefined, req: Request, res: Response): void {
  if (req.complete || !hasBody(req)) return;
  if (error instanceof UploadTooSlowError) {
    res.setHeader('Connection', 'close');
  } else if (Number(req.headers['content-length'] ?? Number.POSITIVE_INFINITY) > 1024 ** 2) {
    res.setHeader('Connection', 'close');
    // What Node calls once such an answer is sent.
    req.socket.destroySoon = () => closeLingering(req.socket);
  } else {
    req.resume(); // Node reads the rest only of a body that nobody has begun to read
  }
}

interface Fault {
  readonly code: ProblemCode;
  readonly err: unknown;
  readonly requestId: string;
}

/** All else was refused, which the access log says; one more line for each would add to the load that `overloaded` sheds. */
function logFault(log: Logger, { code, err, requestId }: Fault): void {
  if (code === 'unavailable') log.warn({ err, requestId }, 'request failed: a dependency is unavailable');
  else if (code === 'internal-error') log.error({ err, requestId }, 'request failed');
}

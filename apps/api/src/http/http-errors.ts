import { DomainError } from '../errors/domain-error.ts';
import type { Scope } from './principal.ts';

/** What can be wrong with a request before it reaches a feature. */
export type HttpErrorCode =
  | 'invalid-request'
  | 'route-not-found'
  | 'method-not-allowed'
  | 'body-too-large'
  | 'headers-too-large'
  | 'unsupported-media-type'
  | 'unauthenticated'
  | 'origin-not-allowed'
  | 'insufficient-scope'
  | 'rate-limited'
  | 'upload-too-slow'
  | 'unavailable'
  | 'internal-error';

export class RouteNotFoundError extends DomainError<'route-not-found'> {
  constructor() {
    super('route-not-found', 'There is nothing at this path. /docs lists every route.');
  }
}

export class MethodNotAllowedError extends DomainError<'method-not-allowed'> {
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[]) {
    super('method-not-allowed', `This path answers ${allowed.join(', ')}.`);
    this.allowed = allowed;
  }
}

export class BodyTooLargeError extends DomainError<'body-too-large'> {
  constructor(limitBytes: number) {
    super('body-too-large', `The body of this request may have at most ${limitBytes} bytes.`);
  }
}

export class UnsupportedMediaTypeError extends DomainError<'unsupported-media-type'> {
  /** @param expected the only type there is @default any */
  constructor(expected?: string) {
    const type = expected === undefined ? '' : `with Content-Type: ${expected} and `;
    super('unsupported-media-type', `The body must be sent ${type}without Content-Encoding.`);
  }
}

export class UnauthenticatedError extends DomainError<'unauthenticated'> {
  constructor(message = 'Sign in, or send an access token as Authorization: Bearer TOKEN.') {
    super('unauthenticated', message);
  }
}

/** Also one that expired or was revoked. */
export class InvalidAccessTokenError extends UnauthenticatedError {
  constructor() {
    super('The access token is not valid.');
  }
}

/** A browser sent a write from a page of another origin with the session's cookie. */
export class OriginNotAllowedError extends DomainError<'origin-not-allowed'> {
  constructor() {
    super('origin-not-allowed', 'Writes with a session cookie must come from an allowed origin.');
  }
}

export class InsufficientScopeError extends DomainError<'insufficient-scope'> {
  readonly scope: Scope;

  constructor(scope: Scope) {
    super('insufficient-scope', `This needs an access token with the scope "${scope}".`);
    this.scope = scope;
  }
}

export class RateLimitedError extends DomainError<'rate-limited'> {
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('rate-limited', 'Too many requests. Wait for the time in Retry-After.');
    this.retryAfterMs = retryAfterMs;
  }
}

export class UploadTooSlowError extends DomainError<'upload-too-slow'> {
  constructor(bytes: number, seconds: number) {
    super('upload-too-slow', `The body must bring at least ${bytes} bytes in ${seconds} seconds.`);
  }
}

import type { AccessTokenErrorCode } from '../access-tokens/access-token-errors.ts';
import type { AccountErrorCode } from '../accounts/account-errors.ts';
import type { BucketErrorCode } from '../buckets/bucket-errors.ts';
import type { IdempotencyErrorCode } from '../idempotency/idempotency-errors.ts';
import type { InvitationErrorCode } from '../invitations/invitation-errors.ts';
import type { ObjectErrorCode } from '../objects/object-errors.ts';
import type { SessionErrorCode } from '../sessions/session-errors.ts';
import type { UserErrorCode } from '../users/user-errors.ts';
import type { HttpErrorCode } from './http-errors.ts';

/** Every code a client can receive. A new one does not compile until it has a status here. */
export type ProblemCode =
  | HttpErrorCode
  | IdempotencyErrorCode
  | AccountErrorCode
  | InvitationErrorCode
  | UserErrorCode
  | SessionErrorCode
  | AccessTokenErrorCode
  | BucketErrorCode
  | ObjectErrorCode;

export interface Problem {
  readonly status: number;
  readonly title: string;
  /** What it means and what to do; `docs/problems` is generated from it. */
  readonly detail: string;
}

export const problemCatalog: Readonly<Record<ProblemCode, Problem>> = {
  'invalid-request': {
    status: 400,
    title: 'Invalid request',
    detail: 'The request is malformed. `errors` names each fault and where it is; mend them all and send it again.',
  },
  'route-not-found': {
    status: 404,
    title: 'Nothing here',
    detail: 'No route matches the path. /docs lists every route.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: 'The path exists but does not answer this method. `Allow` lists those it answers.',
  },
  'body-too-large': {
    status: 413,
    title: 'Body too large',
    detail: 'The JSON body is larger than this route takes. Send less at once.',
  },
  'headers-too-large': {
    status: 431,
    title: 'Headers too large',
    detail: 'The headers of the request have more than 16 KiB in all. Send fewer or shorter ones.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    detail:
      'The body has a type or an encoding this route does not take. JSON routes take `Content-Type: application/json` without Content-Encoding.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not signed in',
    detail:
      'The request has no credential, or one that has expired or was revoked. Sign in, or send an access token as `Authorization: Bearer TOKEN`.',
  },
  'origin-not-allowed': {
    status: 403,
    title: 'Origin not allowed',
    detail:
      'A page of another origin tried to write with the session cookie. Call from the origin in PUBLIC_URL or one in CORS_ORIGINS, or use an access token.',
  },
  'insufficient-scope': {
    status: 403,
    title: 'Insufficient scope',
    detail: 'The access token does not have the scope this route needs. Create one that has.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    detail: 'The caller is over its limit. Wait for the seconds in `Retry-After`, then go on.',
  },
  'upload-too-slow': {
    status: 408,
    title: 'Upload too slow',
    detail:
      'The body came more slowly than the API waits for. Nothing was stored; send it again over a faster connection.',
  },
  overloaded: {
    status: 503,
    title: 'Overloaded',
    detail:
      'There are more sign-ins and new passwords at once than the service can check in time. Nothing was changed; send the request again after the seconds in `Retry-After`.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    detail:
      'A service the API depends on did not answer in time. Send the request again after the seconds in `Retry-After`.',
  },
  'internal-error': {
    status: 500,
    title: 'Internal error',
    detail: 'The API failed. The log has the reason under the id in `instance`.',
  },

  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency-Key used before',
    detail:
      'This Idempotency-Key came with another body before. Nothing was done. Make a new key for each new thing to create, and send a request again unchanged.',
  },
  'idempotency-key-in-use': {
    status: 409,
    title: 'Idempotency-Key in use',
    detail:
      'A request with this Idempotency-Key is still being executed. Send it again after the seconds in `Retry-After`: it gets the answer of the first.',
  },

  'sign-up-closed': {
    status: 403,
    title: 'Sign-up closed',
    detail: 'This installation does not take new accounts. Ask an administrator for an invitation.',
  },
  'email-taken': {
    status: 409,
    title: 'E-mail address taken',
    detail: 'A user with this e-mail address exists. Sign in, or use another address.',
  },
  'invitation-not-found': {
    status: 404,
    title: 'No such invitation',
    detail: 'The invitation does not exist, has expired, was withdrawn or was used, or you may not see it.',
  },
  'user-not-found': { status: 404, title: 'No such user', detail: 'The user does not exist, or you may not see it.' },
  'user-forbidden': { status: 403, title: 'Not allowed', detail: 'Your role in the account does not allow this.' },
  'last-owner': {
    status: 409,
    title: 'Last owner',
    detail: 'An account keeps at least one owner. Make another user an owner first.',
  },
  'wrong-password': {
    status: 403,
    title: 'Wrong password',
    detail: 'The current password is wrong. Nothing was changed.',
  },
  'sign-in-failed': { status: 401, title: 'Sign-in failed', detail: 'The e-mail address or the password is wrong.' },
  'session-not-found': {
    status: 404,
    title: 'No such session',
    detail: 'The session does not exist or has ended, or you may not see it.',
  },
  'access-token-not-found': {
    status: 404,
    title: 'No such access token',
    detail: 'The access token does not exist or was revoked, or you may not see it.',
  },

  'bucket-not-found': {
    status: 404,
    title: 'No such bucket',
    detail: 'The bucket does not exist, or you may not see it.',
  },
  'bucket-name-taken': {
    status: 409,
    title: 'Bucket name taken',
    detail: 'The account has a bucket of this name. Choose another one.',
  },
  'bucket-not-empty': {
    status: 409,
    title: 'Bucket not empty',
    detail: 'The bucket has objects. Delete them first, or delete the bucket with `force=true`.',
  },
  'bucket-forbidden': {
    status: 403,
    title: 'Not allowed in this bucket',
    detail: 'You may see the bucket, but your grant does not allow this. Ask a manager of the bucket for a higher one.',
  },
  'grant-not-found': { status: 404, title: 'No such grant', detail: 'The user has no grant in this bucket.' },
  'too-many-grants': {
    status: 409,
    title: 'Too many grants',
    detail: 'A bucket has at most 500 grants. Make users admins of the account, or remove grants.',
  },

  'object-not-found': {
    status: 404,
    title: 'No such object',
    detail: 'The object or the version does not exist, or you may not see it.',
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    detail: 'The object is not in the state that If-Match or If-None-Match demands. Read it again and decide anew.',
  },
  'object-too-large': {
    status: 413,
    title: 'Object too large',
    detail: 'The object is larger than the bucket or the installation allows. Nothing was stored.',
  },
  'content-type-not-allowed': {
    status: 415,
    title: 'Content type not allowed',
    detail:
      'The bucket does not take objects of this type, or the first bytes are of another type than Content-Type says. Nothing was stored.',
  },
  'digest-mismatch': {
    status: 400,
    title: 'Digest mismatch',
    detail: 'The bytes that arrived do not have the digest in Content-Digest. Nothing was stored; send them again.',
  },
  'size-mismatch': {
    status: 400,
    title: 'Body incomplete',
    detail: 'Fewer or more bytes arrived than Content-Length announced. Nothing was stored; send them again.',
  },
  'range-not-satisfiable': {
    status: 416,
    title: 'Range not satisfiable',
    detail: 'The range lies outside of the object. Content-Range has its size.',
  },
  'upload-expired': {
    status: 409,
    title: 'Upload expired',
    detail: 'The upload took longer than the installation allows, and its bytes were given up. Send them again.',
  },
};

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemCatalog, code);
}

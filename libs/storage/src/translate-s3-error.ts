import {
  BlobCorruptedError,
  BlobNotFoundError,
  BlobRangeError,
  BlobStoreError,
  BlobStoreUnavailableError,
  InvalidPartError,
  MultipartUploadNotFoundError,
} from './blob-store-errors.ts';

/** What a request was about. */
export interface S3RequestSubject {
  readonly key?: string;
  readonly uploadId?: string;
}

/** The error of a request that was stopped by its total deadline. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Names the SDK gives to a request it gave up, besides those of sockets, and those S3 asks to come back later with. */
const UNAVAILABLE = new Set([
  'DeadlineError',
  'TimeoutError',
  'AbortError',
  'CredentialsProviderError',
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'ThrottlingException',
  'AccessDenied',
  'Forbidden',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'NoSuchBucket',
]);
const INVALID_PART = new Set(['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'EntityTooLarge', 'MalformedXML']);
const CORRUPTED = new Set(['BadDigest', 'InvalidDigest', 'XAmzContentSHA256Mismatch', 'XAmzContentChecksumMismatch']);

/** What a failed request means to the caller; the only file that knows the names S3 and the SDK give to errors. */
export function translateS3Error(error: unknown, { key = '', uploadId }: S3RequestSubject): BlobStoreError {
  if (error instanceof BlobStoreError) return error;
  const { name, message, status } = factsOf(error);
  const options = { cause: error };
  if (name === 'NoSuchUpload' || name === 'NoSuchKey' || name === 'NotFound')
    return uploadId === undefined
      ? new BlobNotFoundError(key, options)
      : new MultipartUploadNotFoundError({ key, uploadId }, options);
  if (name === 'InvalidRange') return new BlobRangeError('The range begins after the last byte.', options);
  if (CORRUPTED.has(name) || isChecksumMismatch(message))
    return new BlobCorruptedError('The bytes do not have their checksum.', options);
  if (INVALID_PART.has(name)) return new InvalidPartError(`S3 cannot join these parts: ${name}.`, options);
  if (
    UNAVAILABLE.has(name) ||
    isBareRefusal(name, status) ||
    isServerFault(status) ||
    isConnectionError(factsOf(error))
  )
    return new BlobStoreUnavailableError(`S3 did not do it: ${name}.`, options);
  return new BlobStoreError(`S3 refused: ${name}.`, options);
}

/** A body whose checksum is wrong ends in a plain `Error` of the SDK's checksum stream. */
function isChecksumMismatch(message: string): boolean {
  return message.startsWith('Checksum mismatch');
}

/**
 * An answer to HEAD has no body that could name the fault: 400 is an expired token, 301 a bucket of another region (AWS,
 * API reference of HeadBucket).
 */
function isBareRefusal(name: string, status: number | undefined): boolean {
  return name === 'Unknown' && status !== undefined && [301, 400, 401, 403].includes(status);
}

function isServerFault(status: number | undefined): boolean {
  return status !== undefined && (status >= 500 || status === 429);
}

/** Of sockets and name look-ups. The SDK hides the code of one from another VM context, such as a test's, in a plain `Error`. */
function isConnectionError({ name, code, status }: ErrorFacts): boolean {
  return code !== undefined || (status === undefined && name === 'Error');
}

interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  /** Such as ECONNREFUSED, ECONNRESET, EPIPE, ENOTFOUND or EAI_AGAIN. */
  readonly code: string | undefined;
  readonly status: number | undefined;
}

function factsOf(error: unknown): ErrorFacts {
  const facts = typeof error === 'object' && error !== null ? error : {};
  const { name, message, code, $metadata } = facts as Record<string, unknown>;
  const status = ($metadata as { readonly httpStatusCode?: unknown } | undefined)?.httpStatusCode;
  return {
    name: typeof name === 'string' ? name : 'unknown error',
    message: typeof message === 'string' ? message : '',
    code: typeof code === 'string' ? code : undefined,
    status: typeof status === 'number' ? status : undefined,
  };
}

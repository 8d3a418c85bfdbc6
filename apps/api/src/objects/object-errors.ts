import { DomainError } from '../errors/domain-error.ts';

export type ObjectErrorCode =
  | 'object-not-found'
  | 'precondition-failed'
  | 'object-too-large'
  | 'content-type-not-allowed'
  | 'digest-mismatch'
  | 'size-mismatch'
  | 'range-not-satisfiable'
  | 'upload-expired';

export class ObjectNotFoundError extends DomainError<ObjectErrorCode> {
  constructor() {
    super('object-not-found', 'There is no such object or version, or you may not see it.');
  }
}

export class PreconditionFailedError extends DomainError<ObjectErrorCode> {
  constructor() {
    super('precondition-failed', 'The object is not in the state the request demands.');
  }
}

export class ObjectTooLargeError extends DomainError<ObjectErrorCode> {
  constructor(limitBytes: number) {
    super('object-too-large', `An object may have at most ${limitBytes} bytes here.`);
  }
}

export class ContentTypeNotAllowedError extends DomainError<ObjectErrorCode> {
  constructor(message: string) {
    super('content-type-not-allowed', message);
  }
}

export class DigestMismatchError extends DomainError<ObjectErrorCode> {
  constructor(algorithm: string) {
    super('digest-mismatch', `The bytes that arrived do not have the ${algorithm} digest in Content-Digest.`);
  }
}

export class SizeMismatchError extends DomainError<ObjectErrorCode> {
  constructor(options?: ErrorOptions) {
    super('size-mismatch', 'Fewer or more bytes arrived than Content-Length announced.', options);
  }
}

export class RangeNotSatisfiableError extends DomainError<ObjectErrorCode> {
  readonly sizeBytes: number;

  constructor(sizeBytes: number) {
    super('range-not-satisfiable', `The object has ${sizeBytes} bytes.`);
    this.sizeBytes = sizeBytes;
  }
}

export class UploadExpiredError extends DomainError<ObjectErrorCode> {
  constructor() {
    super('upload-expired', 'The upload took too long, and its bytes were given up.');
  }
}

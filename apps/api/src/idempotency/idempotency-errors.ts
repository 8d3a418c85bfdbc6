import { DomainError } from '../errors/domain-error.ts';

export type IdempotencyErrorCode = 'idempotency-key-reused' | 'idempotency-key-in-use';

/** The key came with another request before. */
export class IdempotencyKeyReusedError extends DomainError<IdempotencyErrorCode> {
  constructor() {
    super('idempotency-key-reused', 'This Idempotency-Key came with another body before.');
  }
}

/** The first request with the key is still being executed. */
export class IdempotencyKeyInUseError extends DomainError<IdempotencyErrorCode> {
  constructor() {
    super('idempotency-key-in-use', 'A request with this Idempotency-Key is still being executed.');
  }
}

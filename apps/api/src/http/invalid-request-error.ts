import { DomainError } from '../errors/domain-error.ts';

/** One fault of a request: where it is and what is wrong. */
export interface RequestFault {
  /** JSON Pointer (RFC 6901) into the body, or the name of a parameter or header. */
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly detail: string;
}

/** The request is malformed; names every fault at once. */
export class InvalidRequestError extends DomainError<'invalid-request'> {
  readonly faults: readonly RequestFault[];

  constructor(faults: readonly RequestFault[], options?: ErrorOptions) {
    super('invalid-request', faults.map((fault) => fault.detail).join(' '), options);
    this.faults = faults;
  }
}

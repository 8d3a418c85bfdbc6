import { DomainError } from '../errors/domain-error.ts';

export type AccountErrorCode = 'sign-up-closed' | 'email-taken';

export class SignUpClosedError extends DomainError<AccountErrorCode> {
  constructor() {
    super('sign-up-closed', 'This installation does not take new accounts.');
  }
}

export class EmailTakenError extends DomainError<AccountErrorCode> {
  constructor(options?: ErrorOptions) {
    super('email-taken', 'A user with this e-mail address exists.', options);
  }
}

import { DomainError } from '../errors/domain-error.ts';

export type SessionErrorCode = 'sign-in-failed' | 'session-not-found';

export class SignInFailedError extends DomainError<SessionErrorCode> {
  constructor() {
    super('sign-in-failed', 'The e-mail address or the password is wrong.');
  }
}

export class SessionNotFoundError extends DomainError<SessionErrorCode> {
  constructor() {
    super('session-not-found', 'There is no such session, or you may not see it.');
  }
}

import { DomainError } from '../errors/domain-error.ts';

export type UserErrorCode = 'user-not-found' | 'user-forbidden' | 'last-owner' | 'wrong-password' | 'overloaded';

export class UserNotFoundError extends DomainError<UserErrorCode> {
  constructor() {
    super('user-not-found', 'There is no such user, or you may not see it.');
  }
}

export class UserForbiddenError extends DomainError<UserErrorCode> {
  constructor() {
    super('user-forbidden', 'Your role in the account, or your access token, does not allow this.');
  }
}

export class LastOwnerError extends DomainError<UserErrorCode> {
  constructor() {
    super('last-owner', 'An account keeps at least one owner.');
  }
}

export class WrongPasswordError extends DomainError<UserErrorCode> {
  constructor() {
    super('wrong-password', 'The current password is wrong.');
  }
}

/** There are more passwords to hash than can be hashed in time. What was refused left nothing behind. */
export class OverloadedError extends DomainError<UserErrorCode> {
  constructor() {
    super('overloaded', 'There is more of this work than the service can do in time.');
  }
}

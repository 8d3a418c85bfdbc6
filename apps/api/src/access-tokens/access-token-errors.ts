import { DomainError } from '../errors/domain-error.ts';

export type AccessTokenErrorCode = 'access-token-not-found';

export class AccessTokenNotFoundError extends DomainError<AccessTokenErrorCode> {
  constructor() {
    super('access-token-not-found', 'There is no such access token, or you may not see it.');
  }
}

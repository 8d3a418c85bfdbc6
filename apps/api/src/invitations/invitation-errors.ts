import { DomainError } from '../errors/domain-error.ts';

export type InvitationErrorCode = 'invitation-not-found';

export class InvitationNotFoundError extends DomainError<InvitationErrorCode> {
  constructor() {
    super('invitation-not-found', 'There is no such invitation, or you may not see it.');
  }
}

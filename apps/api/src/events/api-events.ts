import { Counter, type Logger, type Registry } from '@stowage/observability';

export interface ApiEventsOptions {
  readonly registry: Registry;
  readonly log: Logger;
}

/** Who an event is about. No e-mail address, token or name is ever logged. */
export interface EventSubject {
  readonly accountId: string;
  readonly userId: string;
}

/** What the business would recount: each event is counted and logged here and nowhere else. */
export class ApiEvents {
  readonly #log: Logger;
  readonly #events: Counter<'event'>;

  constructor({ registry, log }: ApiEventsOptions) {
    this.#log = log;
    this.#events = new Counter({
      name: 'stowage_events_total',
      help: 'Business events by kind.',
      labelNames: ['event'],
      registers: [registry],
    });
  }

  signedUp({ accountId, userId }: EventSubject): void {
    this.#record('signed-up', 'signed up', { accountId, userId });
  }

  signedIn({ accountId, userId }: EventSubject): void {
    this.#record('signed-in', 'signed in', { accountId, userId });
  }

  /** Which e-mail address was tried is not logged: it may be a password typed into the wrong field. */
  signInFailed(): void {
    this.#record('sign-in-failed', 'sign-in failed', {});
  }

  signedOut({ accountId, userId }: EventSubject): void {
    this.#record('signed-out', 'signed out', { accountId, userId });
  }

  passwordChanged({ accountId, userId }: EventSubject): void {
    this.#record('password-changed', 'password changed', { accountId, userId });
  }

  /** `by` did it; `userId` is the user it was done to. */
  roleChanged({ accountId, userId }: EventSubject, by: string): void {
    this.#record('role-changed', 'role changed', { accountId, userId, by });
  }

  /** `by` did it; `userId` is the user it was done to. */
  userRemoved({ accountId, userId }: EventSubject, by: string): void {
    this.#record('user-removed', 'user removed', { accountId, userId, by });
  }

  userInvited({ accountId, userId }: EventSubject): void {
    this.#record('user-invited', 'user invited', { accountId, userId });
  }

  invitationWithdrawn({ accountId, userId }: EventSubject): void {
    this.#record('invitation-withdrawn', 'invitation withdrawn', { accountId, userId });
  }

  invitationAccepted({ accountId, userId }: EventSubject): void {
    this.#record('invitation-accepted', 'invitation accepted', { accountId, userId });
  }

  accessTokenCreated({ accountId, userId }: EventSubject): void {
    this.#record('access-token-created', 'access token created', { accountId, userId });
  }

  accessTokenRevoked({ accountId, userId }: EventSubject): void {
    this.#record('access-token-revoked', 'access token revoked', { accountId, userId });
  }

  bucketCreated({ accountId, userId }: EventSubject): void {
    this.#record('bucket-created', 'bucket created', { accountId, userId });
  }

  bucketDeleted({ accountId, userId }: EventSubject): void {
    this.#record('bucket-deleted', 'bucket deleted', { accountId, userId });
  }

  objectStored({ accountId, userId }: EventSubject, sizeBytes: number): void {
    this.#record('object-stored', 'object stored', { accountId, userId, sizeBytes });
  }

  objectDeleted({ accountId, userId }: EventSubject): void {
    this.#record('object-deleted', 'object deleted', { accountId, userId });
  }

  #record(event: string, message: string, fields: object): void {
    this.#events.inc({ event });
    this.#log.info(fields, message);
  }
}

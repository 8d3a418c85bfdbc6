/**
 * Why the cache could not do what it was asked:
 * - `disconnected`: there is no connection, or it broke before the answer came;
 * - `timed-out`: no answer within the command deadline, it is unknown whether the command was carried out;
 * - `refused`: Redis answered with an error, for instance because its memory is full;
 * - `closed`: the cache epoch is closed, no process may use the cache now.
 */
export type CacheUnavailableReason = 'closed' | 'disconnected' | 'refused' | 'timed-out';

/** The one error of this library that callers are expected to handle: go on without the cache. */
export class CacheUnavailableError extends Error {
  override readonly name = 'CacheUnavailableError';
  readonly reason: CacheUnavailableReason;

  constructor(reason: CacheUnavailableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

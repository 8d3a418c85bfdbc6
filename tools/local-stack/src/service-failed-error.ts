/** A service, or a program that prepares one, could not start or ended while it was needed. The message says why. */
export class ServiceFailedError extends Error {
  override readonly name = 'ServiceFailedError';
}

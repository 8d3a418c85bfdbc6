/** Why a run was asked to stop: SIGTERM or SIGINT. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

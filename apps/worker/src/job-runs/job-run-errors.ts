/** Another run of the same job and shard has taken over, so this one may change nothing any more. */
export class RunTakenOverError extends Error {
  override readonly name = 'RunTakenOverError';
}

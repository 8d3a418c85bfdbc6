import { isError } from './error-record.ts';
import { stripSecrets } from './strip-secrets.ts';

/**
 * What an error came from in the end, without secrets: the message at the end of its chain of causes, of several errors
 * at once the first. Its own message when it has no cause. Without a full stop, to be put into a sentence.
 */
export function rootCause(error: Error): string {
  let root = error;
  const seen = new Set<Error>();
  for (let next: unknown = error; isError(next) && !seen.has(next); next = causeOf(next)) {
    seen.add(next);
    if (next.message !== '') root = next;
  }
  return stripSecrets(root.message).replace(/\.$/, '');
}

/** An AggregateError, as of a host with several addresses, often has no message. */
function causeOf(error: Error): unknown {
  return error.cause ?? (error as Partial<AggregateError>).errors?.[0];
}

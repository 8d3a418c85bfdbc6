import { ErrorReply } from 'redis';
import { CacheUnavailableError } from './cache-errors.ts';

/** The one place that knows the driver's errors and the first words of Redis' error replies. */
export function translateRedisError(error: unknown): CacheUnavailableError {
  if (error instanceof CacheUnavailableError) return error;
  if (error instanceof ErrorReply)
    return new CacheUnavailableError('refused', `Redis refused a command: ${error.message}`, { cause: error });
  return new CacheUnavailableError('disconnected', 'The connection to Redis is lost.', { cause: error });
}

/** Redis has forgotten the script: it restarted, or somebody ran SCRIPT FLUSH. */
export function isUnknownScript(error: unknown): boolean {
  return replyStartsWith(error, 'NOSCRIPT');
}

/**
 * The server at the other end became a replica. The address of the primary leads to another server by now, so
 * only a new connection helps: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
 */
export function isFormerPrimary(error: unknown): boolean {
  return replyStartsWith(error, 'READONLY');
}

function replyStartsWith(error: unknown, code: string): boolean {
  const reply = error instanceof CacheUnavailableError ? error.cause : error;
  return reply instanceof ErrorReply && reply.message.startsWith(code);
}

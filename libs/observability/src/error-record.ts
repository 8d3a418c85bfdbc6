import { stripSecrets } from './strip-secrets.ts';

const MAX_CAUSES = 5;
const MAX_ERRORS = 5;

/** An error as it stands in a log line. */
export interface ErrorRecord {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  /** Codes of Node, drivers and our own errors, such as `ECONNREFUSED`. */
  readonly code?: string | number;
  readonly cause?: ErrorRecord;
  /** The first five members of an AggregateError. */
  readonly errors?: readonly ErrorRecord[];
}

/**
 * An error as plain data: type, message, stack, code, up to five causes. Other properties are left out, because drivers put
 * the data of a row or a whole request there. A thrown value that is no error becomes the message.
 */
export function errorRecord(error: unknown, causesLeft = MAX_CAUSES): ErrorRecord {
  if (!isError(error)) return { type: typeof error, message: stripSecrets(describe(error)) };
  const code: unknown = 'code' in error ? error.code : undefined;
  const more = causesLeft > 0;
  return {
    type: error.name,
    message: stripSecrets(error.message),
    ...(error.stack === undefined ? {} : { stack: stripSecrets(error.stack) }),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(more && error.cause !== undefined ? { cause: errorRecord(error.cause, causesLeft - 1) } : {}),
    ...(more && error instanceof AggregateError
      ? {
          errors: (error.errors as unknown[]).slice(0, MAX_ERRORS).map((member) => errorRecord(member, causesLeft - 1)),
        }
      : {}),
  };
}

/** Also true of errors from another realm, such as a `vm` context, which `instanceof` does not know. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function describe(value: unknown): string {
  return typeof value === 'string' ? value : `thrown value of type ${typeof value}`;
}

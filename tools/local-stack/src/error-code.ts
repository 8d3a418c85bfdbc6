/**
 * The `code` of an error of the system, such as `EADDRINUSE`. Asks for the property and not for the class: under Jest
 * the errors of Node's own modules come from another realm, where `instanceof Error` is false.
 */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

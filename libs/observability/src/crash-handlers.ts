import type { Logger } from './logger.ts';

/**
 * Crash only: an error nobody caught leaves the process in a state nobody knows, so it writes one log line, flushes and
 * ends with exit code 1. Covers `uncaughtException` and `unhandledRejection`.
 */
export function installCrashHandlers(logger: Logger & { flush?(): void }): void {
  let crashing = false;
  const crash = (message: string) => (error: unknown) => {
    if (!crashing) {
      crashing = true;
      logAndFlush(logger, error, message);
    }
    // Waiting for the event loop to run empty would leave a broken process in service.
    // eslint-disable-next-line no-restricted-properties -- the one place where a process must not run on
    process.exit(1);
  };
  process.on('uncaughtException', crash('uncaught exception'));
  process.on('unhandledRejection', crash('unhandled rejection'));
}

function logAndFlush(logger: Logger & { flush?(): void }, error: unknown, message: string): void {
  try {
    logger.error({ err: error }, message);
    logger.flush?.();
  } catch {
    // Logging must not keep the process from ending.
  }
}

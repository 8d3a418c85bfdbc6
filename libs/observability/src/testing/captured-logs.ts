import { createLogger } from '../logger.ts';
import type { LogLevel, RootLogger } from '../logger.ts';

/** A line as it would have been written, parsed. */
export interface CapturedLine extends Readonly<Record<string, unknown>> {
  readonly level: LogLevel;
  readonly message: string;
}

/** What {@link captureLogs} makes. */
export interface CapturedLogs {
  readonly logger: RootLogger;
  /** Every line so far, those of children included. */
  readonly lines: readonly CapturedLine[];
  /** The lines with this message. */
  readonly withMessage: (message: string) => readonly CapturedLine[];
}

/** The real logger with the real redaction, whose lines a test can read. */
export function captureLogs(options: { level?: LogLevel; secretFields?: readonly string[] } = {}): CapturedLogs {
  const lines: CapturedLine[] = [];
  const logger = createLogger({
    service: 'test',
    level: options.level ?? 'debug',
    secretFields: options.secretFields ?? [],
    destination: { write: (line) => void lines.push(JSON.parse(line) as CapturedLine) },
  });
  return { logger, lines, withMessage: (message) => lines.filter((line) => line.message === message) };
}

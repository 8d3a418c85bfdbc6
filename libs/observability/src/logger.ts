import { pino } from 'pino';
import { Redactor } from './redaction.ts';
import { currentTrace, isTracing } from './tracing.ts';

/** How much is written; `silent` writes nothing. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Writes lines. A message is a constant; facts are fields. */
export interface Logger {
  /** A person must act now. */
  error(fields: object, message: string): void;
  /** It went wrong and healed itself. */
  warn(fields: object, message: string): void;
  /** Something the business would recount. */
  info(fields: object, message: string): void;
  /** Something a developer would ask. */
  debug(fields: object, message: string): void;
  /** A logger whose every line carries these fields as well. */
  child(fields: object): Logger;
}

/** The logger of a process: its end is the owner's to order. */
export interface RootLogger extends Logger {
  /** Writes out at once, and synchronously, what is still buffered. Never throws. */
  flush(): void;
  /** Lines thrown away because standard output was not read: more than 16 MiB were waiting. */
  readonly droppedLines: number;
}

/** Where lines go: each is one JSON document with a line feed. */
export interface LogDestination {
  write(line: string): unknown;
  flushSync?(): void;
}

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /** Name of the service, on every line. */
  readonly service: string;
  /**
   * Version of the service, on every line.
   * @default no such field
   */
  readonly version?: string;
  /** @default 'info' */
  readonly level?: LogLevel;
  /**
   * Further fields of every line, such as the environment's name.
   * @default none
   */
  readonly fields?: object;
  /**
   * Further names of fields whose values are withheld; see {@link Redactor}.
   * @default none
   */
  readonly secretFields?: readonly string[];
  /** @default standard output, written asynchronously */
  readonly destination?: LogDestination;
}

const MAX_BUFFERED_BYTES = 16 * 1_024 * 1_024;
/** Lines are gathered up to this size, or for this long: a write for each costs a service under load a tenth of its time. */
const GATHERED_BYTES = 4_096;
const GATHERED_MS = 100;

/**
 * JSON lines with `level` (a word), `time` (RFC 3339, UTC), `service`, `version`, the fields and `message`; `trace_id` and
 * `span_id` too if tracing has been started before and a request is traced. Secrets are withheld as {@link Redactor} says.
 * Lines are written asynchronously and at most 100 ms late, which keeps slow readers of standard output from stopping the service; what is
 * buffered is written out when the process ends by itself, and by `flush()`.
 */
export function createLogger(options: LoggerOptions): RootLogger {
  const { service, version, level = 'info', fields = {}, secretFields = [] } = options;
  const redactor = new Redactor({ secretFields });
  const standardOutput = options.destination ? undefined : openStandardOutput();
  const destination = options.destination ?? standardOutput?.stream;
  const instance = pino(
    {
      level,
      messageKey: 'message',
      base: redactor.redact({ service, version, ...fields }),
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (line) => redactor.redact(line) },
      // The redactor has made records of errors already.
      serializers: { err: (record: unknown) => record },
      ...(isTracing() ? { mixin: traceFields } : {}),
    },
    destination as pino.DestinationStream,
  );
  return new PinoRootLogger(instance, redactor, {
    flush: () => flushQuietly(destination),
    droppedLines: () => standardOutput?.droppedLines() ?? 0,
  });
}

interface Output {
  readonly flush: () => void;
  readonly droppedLines: () => number;
}

class PinoLogger implements Logger {
  readonly #pino: pino.Logger;
  readonly #redactor: Redactor;

  constructor(instance: pino.Logger, redactor: Redactor) {
    this.#pino = instance;
    this.#redactor = redactor;
  }

  error(fields: object, message: string): void {
    this.#pino.error(fields, message);
  }

  warn(fields: object, message: string): void {
    this.#pino.warn(fields, message);
  }

  info(fields: object, message: string): void {
    this.#pino.info(fields, message);
  }

  debug(fields: object, message: string): void {
    this.#pino.debug(fields, message);
  }

  child(fields: object): Logger {
    // pino's own formatter does not see the fields of a child.
    return new PinoLogger(this.#pino.child(this.#redactor.redact(fields)), this.#redactor);
  }
}

class PinoRootLogger extends PinoLogger implements RootLogger {
  readonly #output: Output;

  constructor(instance: pino.Logger, redactor: Redactor, output: Output) {
    super(instance, redactor);
    this.#output = output;
  }

  flush(): void {
    this.#output.flush();
  }

  get droppedLines(): number {
    return this.#output.droppedLines();
  }
}

function traceFields(): object {
  const ids = currentTrace();
  return ids === undefined ? {} : { trace_id: ids.traceId, span_id: ids.spanId };
}

function openStandardOutput() {
  const stream = pino.destination({
    fd: 1,
    sync: false,
    minLength: GATHERED_BYTES,
    periodicFlush: GATHERED_MS,
    maxLength: MAX_BUFFERED_BYTES,
  });
  let dropped = 0;
  stream.on('drop', () => (dropped += 1));
  return { stream, droppedLines: () => dropped };
}

function flushQuietly(destination: LogDestination | undefined): void {
  try {
    destination?.flushSync?.();
  } catch {
    // The reader of standard output is gone: there is nobody left to tell.
  }
}

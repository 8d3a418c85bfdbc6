import { createLogger, type Logger, type LogLevel, type RootLogger } from '@stowage/observability';
import { LoggedProgress } from './logged-progress.ts';
import type { Progress } from './progress.ts';
import { TerminalProgress } from './terminal-progress.ts';

/** Where text goes: `process.stdout` or `process.stderr`. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const usualColumns = 80;
const now = (): number => performance.now();

/**
 * What those who watch see on standard error: log lines, and below them on a terminal how far the run is. Results go to
 * standard output, which `--json` has for itself.
 */
export class RunDisplay {
  readonly log: RootLogger;
  /** Whether a person sits there. */
  readonly isTerminal: boolean;
  readonly #output: Output;
  #bar: TerminalProgress | undefined;

  /** @param level `warn` on a terminal and `info` elsewhere, where it is undefined */
  constructor(output: Output, level: LogLevel | undefined) {
    this.#output = output;
    this.isTerminal = output.isTTY === true;
    this.log = createLogger({
      service: 'stowage-worker',
      level: level ?? (this.isTerminal ? 'warn' : 'info'),
      destination: { write: (line) => this.#write(line) },
    });
  }

  /** A bar on a terminal, lines of this log elsewhere. */
  openProgress(title: string, log: Logger): Progress {
    if (!this.isTerminal) return new LoggedProgress({ log, now });
    const columns = (): number => {
      const { columns: known = 0 } = this.#output;
      return known > 0 ? known : usualColumns;
    };
    this.#bar = new TerminalProgress({ title, terminal: { columns, write: (text) => this.#output.write(text) }, now });
    return this.#bar;
  }

  #write(line: string): void {
    if (this.#bar === undefined) this.#output.write(line);
    else this.#bar.print(line);
  }
}

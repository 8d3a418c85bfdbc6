import type { Progress, ProgressState } from './progress.ts';
import { ProgressMeter } from './progress-meter.ts';

/** A terminal, such as `process.stderr`. */
export interface ProgressTerminal {
  /** How wide it is now. */
  columns(): number;
  write(text: string): unknown;
}

export interface TerminalProgressOptions {
  readonly title: string;
  readonly terminal: ProgressTerminal;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
}

const drawEveryMs = 100;
const barWidth = 24;
/** Back to the first column, and erase to the end of the line (ECMA-48, EL). */
const clearLine = '\r\x1b[K';

/** A bar on the last line of a terminal, drawn ten times a second. */
export class TerminalProgress implements Progress {
  readonly #options: TerminalProgressOptions;
  readonly #meter: ProgressMeter;
  readonly #drawing: NodeJS.Timeout;

  constructor(options: TerminalProgressOptions) {
    this.#options = options;
    this.#meter = new ProgressMeter(options.now);
    this.#drawing = setInterval(() => this.draw(), drawEveryMs);
    this.#drawing.unref();
  }

  expect(total: number): void {
    this.#meter.expect(total);
  }

  advance(items: number): void {
    this.#meter.advance(items);
  }

  draw(): void {
    const { title, terminal } = this.#options;
    // One column stays free: a full line would move the cursor to the next one.
    terminal.write(clearLine + `${title} ${renderProgress(this.#meter.state)}`.slice(0, terminal.columns() - 1));
  }

  /** Writes a line that stays, above the bar. */
  print(line: string): void {
    this.#options.terminal.write(clearLine + line);
    this.draw();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#drawing);
    this.#options.terminal.write(clearLine);
  }
}

/** `[######------]  50 %  1,000 of 2,000  20/s  0:50 left` */
export function renderProgress({ done, total, itemsPerSecond, secondsLeft }: ProgressState): string {
  const rate = `${formatCount(itemsPerSecond)}/s`;
  if (total === undefined) return `${formatCount(done)}  ${rate}`;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * barWidth);
  const bar = '#'.repeat(filled).padEnd(barWidth, '-');
  const percent = String(Math.floor(share * 100)).padStart(3);
  const left = secondsLeft === undefined ? '' : `  ${formatDuration(secondsLeft)} left`;
  return `[${bar}] ${percent} %  ${formatCount(done)} of ${formatCount(total)}  ${rate}${left}`;
}

function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en');
}

/** `0:07`, `12:34` or `1:02:03` */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const end = String(whole % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${end}` : `${hours}:${String(minutes).padStart(2, '0')}:${end}`;
}

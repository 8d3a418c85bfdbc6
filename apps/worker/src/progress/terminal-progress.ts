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
const widestBar = 24;
const narrowestBar = 4;
/** Back to the first column, and erase to the end of the line (ECMA-48, EL). */
const clearLine = '\r\x1b[K';

/** A bar on the last line of a terminal, drawn ten times a second. */
export class TerminalProgress implements Progress {
  readonly #options: TerminalProgressOptions;
  readonly #meter: ProgressMeter;
  readonly #drawing: NodeJS.Timeout;
  #ended = false;

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
    const columns = terminal.columns() - 1;
    const progress = renderProgress(this.#meter.state, columns - title.length - 1);
    terminal.write(clearLine + `${title} ${progress}`.slice(0, columns));
  }

  /** Writes a line that stays, above the bar while there is one. */
  print(line: string): void {
    this.#options.terminal.write(this.#ended ? line : clearLine + line);
    if (!this.#ended) this.draw();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#drawing);
    this.#ended = true;
    this.#options.terminal.write(clearLine);
  }
}

/** `[######------]  50 %  1,000 of 2,000  20/s  0:50 left`, its bar as wide as there is room in so many columns. */
export function renderProgress({ done, total, itemsPerSecond, secondsLeft }: ProgressState, columns: number): string {
  const rate = `${formatCount(itemsPerSecond)}/s`;
  if (total === undefined) return `${formatCount(done)}  ${rate}`;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const percent = String(Math.floor(share * 100)).padStart(3);
  const left = secondsLeft === undefined ? '' : `  ${formatDuration(secondsLeft)} left`;
  const numbers = `${percent} %  ${formatCount(done)} of ${formatCount(total)}  ${rate}${left}`;
  const width = Math.min(widestBar, columns - numbers.length - '[] '.length);
  if (width < narrowestBar) return numbers.trimStart();
  return `[${'#'.repeat(Math.floor(share * width)).padEnd(width, '-')}] ${numbers}`;
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

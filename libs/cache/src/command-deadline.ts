/** Compact the list of start times when so many of them have been answered. */
const COMPACT_AFTER = 1_024;

/**
 * Watches that the oldest unanswered command of a connection is not older than the deadline. One timer serves all
 * commands, as Redis answers in the order of asking; a timer or an AbortSignal for each would cost more than the command.
 */
export class CommandDeadline {
  readonly #timeoutMs: number;
  readonly #onExpired: () => void;
  #startedAt: number[] = [];
  #answered = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(timeoutMs: number, onExpired: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onExpired = onExpired;
  }

  /** A command was sent. */
  begin(): void {
    this.#startedAt.push(performance.now());
    if (this.#timer === undefined && !this.#stopped) this.#arm(this.#timeoutMs);
  }

  /** The oldest command was answered. */
  end(): void {
    this.#answered += 1;
    if (this.#answered < COMPACT_AFTER) return;
    this.#startedAt = this.#startedAt.slice(this.#answered);
    this.#answered = 0;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => this.#check(), Math.max(1, delayMs));
    this.#timer.unref();
  }

  #check(): void {
    this.#timer = undefined;
    const oldest = this.#startedAt[this.#answered];
    if (oldest === undefined || this.#stopped) return;
    const leftMs = oldest + this.#timeoutMs - performance.now();
    if (leftMs > 0) return this.#arm(leftMs);
    // Timers run before sockets are read. After a pause of this process the answer may be here, unread: look
    // again when the sockets had their turn, or every long garbage collection would cost the connection.
    setImmediate(() => this.#checkAgain(oldest));
  }

  #checkAgain(oldest: number): void {
    if (this.#stopped) return;
    if (this.#startedAt[this.#answered] === oldest) this.#onExpired();
    else this.#check();
  }
}

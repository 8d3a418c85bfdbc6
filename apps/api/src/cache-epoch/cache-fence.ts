import { CacheUnavailableError, type CacheEpoch } from '@stowage/cache';
import type { Logger } from '@stowage/observability';
import type { CacheEpochRepository } from './cache-epoch-repository.ts';

export interface CacheFenceOptions {
  readonly epochs: CacheEpochRepository;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** How long a process may use the cache on one answer of the database. @default 2000 */
  readonly leaseMs?: number;
  /** How long the cache stays closed; several times `leaseMs`. @default 10000 */
  readonly closedForMs?: number;
}

/**
 * Keeps read-after-write true when a process cannot reach the cache that others still read (ADR 0005).
 *
 * A process uses the cache only while it holds a lease: an answer of the database, at most `leaseMs` old, that
 * names the epoch and says that the cache is not closed. A writer whose change could not be published closes the
 * cache in the database and waits for one lease before it answers: by then nobody reads what it could not replace.
 * While the cache stays closed, further such writers need not wait. It stays closed longer than any lease lasts,
 * so all processes open it under the same new epoch.
 */
export class CacheFence implements CacheEpoch {
  readonly #options: Required<CacheFenceOptions>;
  #lease: { readonly epoch: string; readonly until: number } | undefined;
  /** From when until when, by this process's clock, the cache is known to be closed for everybody. */
  #closed = { from: 0, until: Number.NEGATIVE_INFINITY };
  #closing: Promise<void> | undefined;
  #reconnected = false;

  constructor(options: CacheFenceOptions) {
    this.#options = { leaseMs: 2_000, closedForMs: 10_000, ...options };
  }

  get current(): string | undefined {
    return this.#lease !== undefined && this.#options.now() < this.#lease.until ? this.#lease.epoch : undefined;
  }

  /** Renews the lease. To be called several times a lease; never rejects. */
  async renew(): Promise<void> {
    const { epochs, now, log, leaseMs } = this.#options;
    try {
      if (this.#reconnected) await this.#closeOnce();
      const askedAt = now();
      const { epoch, closed } = await epochs.read();
      this.#lease = closed || this.#reconnected ? undefined : { epoch: String(epoch), until: askedAt + leaseMs };
    } catch (error) {
      log.warn({ err: error }, 'cache lease not renewed');
    }
  }

  /** To be called when the cache was reached anew, before it is used: it may have lost or never got what was written. */
  reconnected(): void {
    this.#reconnected = true;
    this.#lease = undefined;
  }

  /** Publishes a committed change; returns when no reader can get an older one from the cache. */
  async publish(change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (error) {
      if (!(error instanceof CacheUnavailableError)) throw error;
      await this.#waitUntilClosed();
    }
  }

  async #waitUntilClosed(): Promise<void> {
    const { now, wait, closedForMs, leaseMs } = this.#options;
    const failedAt = now();
    // One that others began before may have ended by now, where the database was slow to answer.
    while (failedAt >= this.#closed.until) await this.#closeOnce();
    // Closed again in good time, so that in a long outage only the first writer waits.
    if (failedAt > this.#closed.until - closedForMs / 2) this.#closeOnce().catch(() => undefined); // a later writer tries again, and waits
    const effectiveAt = this.#closed.from + leaseMs;
    if (now() < effectiveAt) await wait(effectiveAt - now());
  }

  #closeOnce(): Promise<void> {
    this.#closing ??= this.#close().finally(() => (this.#closing = undefined));
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { epochs, now, closedForMs, log } = this.#options;
    this.#reconnected = false;
    const askedAt = now();
    try {
      await epochs.close(closedForMs);
    } catch (error) {
      this.#reconnected = true; // whatever the reason was, the cache must not be used before it has been closed once
      throw error;
    }
    const stayedClosed = now() < this.#closed.until;
    this.#closed = { from: stayedClosed ? this.#closed.from : now(), until: askedAt + closedForMs };
    this.#lease = undefined;
    log.warn({ closedForMs }, 'cache closed: it may hold what is no longer true');
  }
}

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { IdempotencyKeyInUseError, IdempotencyKeyReusedError } from './idempotency-errors.ts';
import { SealedRequest, type IdempotentRequest } from './idempotency-key.ts';
import type { Holder, IdempotencyRepository } from './idempotency-repository.ts';
import type { RequestDraws } from './request-draws.ts';

/** What a request is answered with, and every later one with its key. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

export interface IdempotentRequestsOptions {
  readonly keys: IdempotencyRepository;
  readonly draws: RequestDraws;
  readonly newId: () => string;
  readonly now: () => Date;
  /** How long a request may take, in milliseconds, before its process is taken for dead. @default 60 000 */
  readonly lockMs?: number;
  /** How long a key is remembered, in milliseconds. @default 24 hours, as Stripe has it */
  readonly lifetimeMs?: number;
}

/**
 * Lets a request take effect once, however often it comes: the `Idempotency-Key` of
 * draft-ietf-httpapi-idempotency-key-header-07.
 */
export class IdempotentRequests {
  readonly #options: IdempotentRequestsOptions;

  constructor(options: IdempotentRequestsOptions) {
    this.#options = options;
  }

  /**
   * Executes the request, or answers what it was answered before. An answer below 500 is recorded before it is returned;
   * after any other the request may have taken effect or not, and is executed again when it comes again.
   * @throws IdempotencyKeyReusedError, IdempotencyKeyInUseError
   */
  async run(
    request: IdempotentRequest,
    execute: () => Promise<Answer>,
  ): Promise<{ readonly answer: Answer; readonly replayed: boolean }> {
    const { keys, draws, newId, now, lockMs = 60_000, lifetimeMs = 24 * 3_600_000 } = this.#options;
    const sealed = new SealedRequest(request);
    const { keyHash, fingerprint } = sealed;
    const holder: Holder = { keyHash, claimId: newId() };
    const seed = sealed.seal('seed', randomBytes(32));
    const claim = await keys.claim({ ...holder, fingerprint, seed, startedAt: now(), lockMs, lifetimeMs });
    if (claim.state !== 'claimed') {
      if (!timingSafeEqual(claim.fingerprint, fingerprint)) throw new IdempotencyKeyReusedError();
      if (claim.state === 'running') throw new IdempotencyKeyInUseError();
      return { answer: toAnswer(sealed.open('response', claim.response)), replayed: true };
    }
    const origin = { seed: sealed.open('seed', claim.seed), startedAt: claim.startedAt };
    const answer = await draws.repeat(origin, execute).catch(async (error: unknown) => this.#giveUp(holder, error));
    if (answer.status >= 500) await this.#release(holder);
    else await this.#record(holder, { status: answer.status, response: sealed.seal('response', toBytes(answer)) });
    return { answer, replayed: false };
  }

  async #giveUp(holder: Holder, error: unknown): Promise<never> {
    await this.#release(holder);
    throw error;
  }

  async #release(holder: Holder): Promise<void> {
    // The lock ends by itself, only later; the failure before it is the one to tell.
    await this.#options.keys.release(holder).catch(() => undefined);
  }

  async #record(holder: Holder, answer: { readonly status: number; readonly response: Buffer }): Promise<void> {
    // Taken for dead and overtaken: the answer that counts is the other's.
    if (!(await this.#options.keys.finish(holder, answer))) throw new IdempotencyKeyInUseError();
  }
}

function toBytes({ status, headers, body }: Answer): Buffer {
  return Buffer.from(JSON.stringify({ status, headers, body }));
}

function toAnswer(bytes: Buffer): Answer {
  return JSON.parse(bytes.toString()) as Answer; // written by `toBytes`, and GCM vouches for it
}

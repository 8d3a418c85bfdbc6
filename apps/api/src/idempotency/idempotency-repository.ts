/** One execution of a request with a key. */
export interface Holder {
  readonly keyHash: Buffer;
  readonly claimId: string;
}

export interface NewClaim extends Holder {
  readonly fingerprint: Buffer;
  /** Sealed. */
  readonly seed: Buffer;
  readonly startedAt: Date;
  /** How long nobody else may execute the request. */
  readonly lockMs: number;
  /** How long the key is remembered. */
  readonly lifetimeMs: number;
}

/** What became of a claim: it is the caller's to execute, somebody executes it, or it has been answered. */
export type Claim =
  /** The seed and the time are those of the first execution, where there was one that did not end. */
  | { readonly state: 'claimed'; readonly seed: Buffer; readonly startedAt: Date }
  | { readonly state: 'running'; readonly fingerprint: Buffer }
  | { readonly state: 'finished'; readonly fingerprint: Buffer; readonly response: Buffer };

export interface IdempotencyRepository {
  /**
   * Claims the key, unless it was answered or is locked; a key past its lifetime is like a new one. A key whose lock has
   * run out goes only to a request with the same fingerprint. Claiming again with the same claim id is claiming once.
   */
  claim(claim: NewClaim): Promise<Claim>;
  /** Records the answer; false when another execution has taken the key over, and nothing was recorded. */
  finish(holder: Holder, answer: { readonly status: number; readonly response: Buffer }): Promise<boolean>;
  /** Lets the next request with the key execute at once, with the same seed. Nothing when the holder holds it no more. */
  release(holder: Holder): Promise<void>;
}

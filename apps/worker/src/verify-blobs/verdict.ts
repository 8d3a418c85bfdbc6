import type { BlobFault } from './blob-fault.ts';

/** What was found out about a blob; no fault is a good one. */
export interface Verdict {
  readonly id: string;
  readonly fault: BlobFault | undefined;
}

/** A verdict and what the blob was when it came into force. */
export interface SettledVerdict extends Verdict {
  /** False for a blob that went meanwhile: its verdict means nothing. */
  readonly wasLive: boolean;
  readonly wasQuarantined: boolean;
}

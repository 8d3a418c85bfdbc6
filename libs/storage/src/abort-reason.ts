/** Why the signal was aborted, unchanged, as `fetch` and the streams of Node reject with it. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason as Error; // whatever the caller chose; typed as what it should be
}

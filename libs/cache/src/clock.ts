/** Milliseconds. Where a lifetime is measured it must not jump; where it is compared with stored times it is Unix time. */
export type Clock = () => number;

/** Never jumps; in ms since the process started. */
export const monotonicClock: Clock = () => performance.now();

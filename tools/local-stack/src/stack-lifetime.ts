/** Ends when this process is told to end, or when the process that started it is gone. */
export function untilToldToEnd(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  const parent = process.ppid;
  // Nobody signals us when Nx dies by kill -9; then another process becomes our parent.
  setInterval(() => {
    if (process.ppid !== parent) controller.abort();
  }, 500).unref();
  return controller.signal;
}

/** Runs an entry point: a failure becomes one message and an exit code, without a stack trace. */
export async function runEntry(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.error(`[${name}] ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

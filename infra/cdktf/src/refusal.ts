/** What was asked for cannot be done. The message tells a person what to do; where it was thrown would tell nothing more. */
export class Refusal extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refusal';
  }
}

/**
 * Runs a program. A refusal becomes a message on standard error and the exit code 1; all else that is thrown is a fault of ours,
 * and keeps its stack trace.
 */
export async function runOrRefuse(program: () => unknown): Promise<void> {
  try {
    await program();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

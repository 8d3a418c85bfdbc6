import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { errorCode } from './error-code.ts';
import { ServiceFailedError } from './service-failed-error.ts';

/**
 * Finds a loopback port that nothing listens on now.
 * @param preferred port to take when it is free; 0 means any
 */
export async function findFreePort(preferred = 0): Promise<number> {
  try {
    return await bindOnce(preferred);
  } catch (error) {
    if (preferred !== 0 && isPortTaken(error)) return await bindOnce(0);
    throw error;
  }
}

/**
 * Starts a server on the preferred port, or on any other when that is taken, also when another program takes it in the
 * moment between the choice and the start.
 * @throws ServiceFailedError when the server fails for another reason
 */
export async function startOnFreePort(preferred: number, start: (port: number) => Promise<void>): Promise<number> {
  const port = await findFreePort(preferred);
  try {
    await start(port);
    return port;
  } catch (error) {
    if (!(error instanceof ServiceFailedError) || (await findFreePort(port)) === port) throw error;
  }
  const other = await findFreePort();
  await start(other);
  return other;
}

function bindOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}

// EACCES: the port is kept for another purpose.
function isPortTaken(error: unknown): boolean {
  return ['EADDRINUSE', 'EACCES'].includes(errorCode(error) ?? '');
}

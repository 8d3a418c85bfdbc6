import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

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

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}

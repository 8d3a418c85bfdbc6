import { connect } from 'node:net';
import { findOnPath } from './executable-path.ts';
import { startOnFreePort } from './ports.ts';
import { endWithParent } from './service-process.ts';
import type { StackContext } from './stack.ts';

const START_DEADLINE_MS = 10_000;

/** Absolute path of a Redis-compatible server on the PATH; undefined when there is none. */
export function findRedisExecutable(): string | undefined {
  return findOnPath('redis-server') ?? findOnPath('valkey-server');
}

/**
 * Starts a Redis that keeps nothing on disk and waits until it answers.
 * @returns its URL
 * @throws ServiceFailedError when it does not come up
 */
export async function startRedis(context: StackContext, executable: string, preferredPort: number): Promise<string> {
  const start = async (port: number): Promise<void> => {
    const server = context.launch({
      name: 'redis',
      command: [
        ...[...endWithParent('TERM'), executable],
        ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      ],
    });
    await server.waitUntil(() => answersAs(server.pid, port), START_DEADLINE_MS);
  };
  return `redis://127.0.0.1:${await startOnFreePort(preferredPort, start)}`;
}

/** Whether the server with this pid answers, and not another checkout's that was quicker to take the port. */
function answersAs(pid: number | undefined, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('INFO server\r\n')); // the protocol's inline form
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer to INFO')));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      resolve(answer.toString().includes(`\r\nprocess_id:${pid ?? 0}\r\n`));
      socket.end();
    });
  });
}

import { connect } from 'node:net';
import { findOnPath } from './executable-path.ts';
import { findFreePort } from './ports.ts';
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
  const port = await findFreePort(preferredPort);
  const server = context.launch({
    name: 'redis',
    command: [
      ...[...endWithParent('TERM'), executable],
      ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    ],
  });
  await server.waitUntil(() => answersPing(port), START_DEADLINE_MS);
  return `redis://127.0.0.1:${port}`;
}

/** Whether the server answers PING in the inline form of the Redis protocol. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer to PING')));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'));
      socket.end();
    });
  });
}

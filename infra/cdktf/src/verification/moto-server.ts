import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** An emulator of AWS in a process of its own, empty when it starts. */
export interface MotoServer extends AsyncDisposable {
  readonly url: string;
}

export interface MotoServerOptions {
  readonly program: string;
  readonly path: string | undefined;
  /** The account that everything in it belongs to. */
  readonly accountId: string;
}

const longestStartMs = 300_000;

/** Starts the emulator on a free port of this machine and waits until it answers. */
export async function startMotoServer({ program, path, accountId }: MotoServerOptions): Promise<MotoServer> {
  const port = await freePort();
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], {
    env: { PATH: path, MOTO_ACCOUNT_ID: accountId, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
    stdio: 'ignore',
  });
  const ended = once(child, 'close');
  const kill = () => void child.kill();
  // However this process ends, the emulator ends with it.
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    kill();
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([untilAnswering(url), ended.then(() => Promise.reject(new Error(`${program} ended at once.`)))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, [Symbol.asyncDispose]: stop };
}

async function untilAnswering(url: string): Promise<void> {
  const deadline = Date.now() + longestStartMs;
  while (Date.now() < deadline) {
    const isUp = await fetch(`${url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await delay(200);
  }
  throw new Error(`The emulator did not answer within ${longestStartMs / 1_000} s.`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Bundle } from './bundled-process.ts';
import type { BundledProcess } from './bundled-process.ts';
import { LoadBalancer } from './load-balancer.ts';

const RESTARTS = 5;
/** Long enough for the balancer's probes on a busy machine. */
const DRAIN_MS = 3_000;
const CLIENTS = 16;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await Bundle.of('service', 'many-lines');
});
afterAll(() => bundle[Symbol.asyncDispose]());

interface Service {
  readonly process: BundledProcess;
  readonly port: number;
  readonly operationsPort: number;
  [Symbol.asyncDispose](): Promise<void>;
}

async function startService(drainMs: number, hardMs: number): Promise<Service> {
  const process = bundle.run('service', { env: { DRAIN_MS: String(drainMs), HARD_MS: String(hardMs) } });
  const { port, operationsPort } = await process.line('listening');
  const dispose = () => process[Symbol.asyncDispose]();
  return { process, port: Number(port), operationsPort: Number(operationsPort), [Symbol.asyncDispose]: dispose };
}

async function ask(port: number, path: string, agent?: Agent): Promise<IncomingMessage> {
  const [response] = (await once(get({ port, host: '127.0.0.1', path, agent }), 'response')) as [IncomingMessage];
  return response;
}

/** One request after the other until one fails; the failure. */
async function keepAsking(port: number, agent: Agent): Promise<unknown> {
  for (;;) {
    try {
      await text(await ask(port, '/?ms=20', agent));
    } catch (error) {
      return error;
    }
  }
}

/** Keeps every connection busy until told to stop. */
function startLoad(balancer: LoadBalancer) {
  const result = { answered: 0, failures: [] as unknown[] };
  let running = true;
  const client = async (index: number) => {
    for (let turn = 0; running; turn += 1) {
      const path = (turn + index) % 20 === 0 ? '/?ms=150' : '/';
      try {
        expect(await balancer.get(path)).toHaveLength(2_048);
        result.answered += 1;
      } catch (error) {
        result.failures.push(error);
      }
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_unused, index) => client(index));
  const stop = async () => {
    running = false;
    await Promise.all(clients);
    return result;
  };
  return { result, stop };
}

describe('drain', () => {
  it('fails no request of a balancer while instances are replaced under load', async () => {
    await using stack = new AsyncDisposableStack();
    const balancer = stack.use(new LoadBalancer());
    let old = stack.use(await startService(DRAIN_MS, 60_000));
    await balancer.add(old.port, old.operationsPort);
    const load = startLoad(balancer);
    const exits: unknown[] = [];
    for (let restart = 0; restart < RESTARTS; restart += 1) {
      const next = stack.use(await startService(DRAIN_MS, 60_000));
      await balancer.add(next.port, next.operationsPort);
      old.process.signal('SIGTERM');
      exits.push(await old.process.exitCode(), (await old.process.line('drained')).outcome);
      old = next;
    }
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(RESTARTS * CLIENTS);
    expect(exits).toEqual(Array.from({ length: RESTARTS }, () => [0, 'clean']).flat());
  });

  it('turns readiness 503 at once, keeps liveness, and still serves', async () => {
    await using service = await startService(60_000, 1_000);
    service.process.signal('SIGTERM');
    await service.process.line('draining');
    expect((await ask(service.operationsPort, '/readyz')).statusCode).toBe(503);
    expect((await ask(service.operationsPort, '/livez')).statusCode).toBe(200);
    expect((await ask(service.port, '/')).statusCode).toBe(200);
  });

  it('closes the connection of a client that never leaves it idle, after the current response', async () => {
    await using service = await startService(60_000, 60_000);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = await ask(service.port, '/', agent);
    expect(before.headers.connection).toBe('keep-alive');
    await text(before);
    service.process.signal('SIGTERM');
    await service.process.line('draining');
    const after = await ask(service.port, '/', agent);
    expect(after.headers.connection).toBe('close');
    expect(await text(after)).toHaveLength(2_048);
  });

  it('ends cleanly, code 0, although a client keeps its connection busy all the time', async () => {
    await using service = await startService(200, 20_000);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await text(await ask(service.port, '/', agent));
    const refused = keepAsking(service.port, agent);
    service.process.signal('SIGTERM');
    expect(await service.process.exitCode()).toBe(0);
    expect(await service.process.line('drained')).toMatchObject({ outcome: 'clean' });
    // Reset is the connection that the system had taken for the server, but the server had not.
    expect(['ECONNREFUSED', 'ECONNRESET']).toContain(((await refused) as { code: unknown }).code);
  });

  it('answers a request that outlasts the drain window', async () => {
    await using service = await startService(0, 20_000);
    const running = ask(service.port, '/slow?ms=400');
    await service.process.line('asked');
    service.process.signal('SIGTERM');
    expect(await text(await running)).toHaveLength(2_048);
    expect(await service.process.exitCode()).toBe(0);
    expect(await service.process.line('drained')).toMatchObject({ outcome: 'clean' });
  });

  it('cuts what hangs when the hard limit is reached', async () => {
    await using service = await startService(0, 200);
    const hanging = ask(service.port, '/hang').catch((error: unknown) => error);
    await service.process.line('asked');
    service.process.signal('SIGTERM');
    expect(await service.process.exitCode()).toBe(0);
    expect(await service.process.line('drained')).toMatchObject({ outcome: 'forced' });
    expect(await hanging).toMatchObject({ code: 'ECONNRESET' });
  });

  it('hurries on a second signal', async () => {
    await using service = await startService(60_000, 60_000);
    const silent = connect(service.port, '127.0.0.1');
    await once(silent, 'connect');
    service.process.signal('SIGTERM');
    await service.process.line('draining');
    service.process.signal('SIGINT');
    expect(await service.process.exitCode()).toBe(0);
    expect(await service.process.line('drained')).toMatchObject({ outcome: 'forced' });
  });
});

describe('crash handlers', () => {
  it.each([
    ['/throw', 'uncaught exception', 'cannot reach postgres://[Redacted]@db/x'],
    ['/reject', 'unhandled rejection', 'nobody waits'],
  ])('%s: one log line, code 1, nothing on standard error', async (path, message, reason) => {
    await using service = await startService(0, 0);
    await ask(service.port, path).catch(() => undefined);
    expect(await service.process.exitCode()).toBe(1);
    const errors = service.process.lines.filter((line) => line.level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ message, err: { type: 'Error', message: reason } });
    expect(service.process.stderr).toBe('');
  });
});

describe('logger on standard output', () => {
  it('loses no line when the process ends by itself', async () => {
    await using writer = bundle.run('many-lines');
    expect(await writer.exitCode()).toBe(0);
    expect(writer.lines.map((line) => line.index)).toEqual(Array.from({ length: 20_000 }, (_unused, index) => index));
  });
});

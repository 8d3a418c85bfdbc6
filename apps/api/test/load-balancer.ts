import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiProcess } from './spawn-api.ts';

const probeEveryMs = 100;

interface Target {
  readonly url: string;
  /** Connections kept alive and reused, as a balancer does. */
  readonly agent: Agent;
  inRotation: boolean;
}

export interface BalancedRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body?: Buffer;
}

/**
 * A stand-in for a load balancer: sends requests in turn to the processes whose GET /health answers 200, and never tries twice.
 * A process that has once answered otherwise gets none any more.
 */
export class LoadBalancer implements Disposable {
  /** Answers of processes that were told to end. */
  answersWhileDraining = 0;
  readonly #targets: Target[] = [];
  readonly #ending = new AbortController();
  #next = 0;

  /** Resolves when the process is in rotation. */
  async add({ url }: ApiProcess): Promise<void> {
    const target = { url, agent: new Agent({ keepAlive: true }), inRotation: false };
    this.#targets.push(target);
    await this.#probe(target);
    void this.#watch(target);
  }

  /** Rejects when the connection breaks. */
  async send({ method, path, token, body }: BalancedRequest): Promise<{ status: number; bytes: Buffer }> {
    const inRotation = this.#targets.filter((target) => target.inRotation);
    const target = inRotation[(this.#next += 1) % inRotation.length];
    if (target === undefined) throw new Error('No process is in rotation');
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-length': body.length }) };
    const sent = request(target.url + path, { method, agent: target.agent, headers }).end(body);
    const [answer] = (await once(sent, 'response').catch((error: unknown) => {
      const where = `on a ${sent.reusedSocket ? 'kept' : 'new'} connection to a process ${target.inRotation ? 'in' : 'out of'} rotation`;
      throw new Error(`${method} ${path} failed ${where}`, { cause: error });
    })) as [IncomingMessage];
    if (answer.headers.connection === 'close') this.answersWhileDraining += 1;
    return { status: answer.statusCode ?? 0, bytes: await buffer(answer) };
  }

  [Symbol.dispose](): void {
    this.#ending.abort();
    for (const { agent } of this.#targets) agent.destroy();
  }

  /** One probe after the other, so that a late answer never hides a newer one. */
  async #watch(target: Target): Promise<void> {
    while (target.inRotation && !this.#ending.signal.aborted) {
      await delay(probeEveryMs);
      await this.#probe(target);
    }
  }

  async #probe(target: Target): Promise<void> {
    target.inRotation = await fetch(`${target.url}/health`).then(
      (response) => response.ok,
      () => false,
    );
  }
}

import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
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

/** A stand-in for a load balancer: sends requests in turn to the processes whose GET /health answers 200, and never tries twice. */
export class LoadBalancer implements Disposable {
  /** Answers of processes that were told to end. */
  answersWhileDraining = 0;
  readonly #targets: Target[] = [];
  readonly #probes: NodeJS.Timeout;
  #next = 0;

  constructor() {
    this.#probes = setInterval(() => void this.#probe(), probeEveryMs);
  }

  /** Resolves when the process is in rotation. */
  async add({ url }: ApiProcess): Promise<void> {
    const target = { url, agent: new Agent({ keepAlive: true }), inRotation: false };
    this.#targets.push(target);
    while (!target.inRotation) await this.#probe();
  }

  /** Rejects when the connection breaks. */
  async send({ method, path, token, body }: BalancedRequest): Promise<{ status: number; bytes: Buffer }> {
    const inRotation = this.#targets.filter((target) => target.inRotation);
    const target = inRotation[(this.#next += 1) % inRotation.length];
    if (target === undefined) throw new Error('No process is in rotation');
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-length': body.length }) };
    const sent = request(target.url + path, { method, agent: target.agent, headers }).end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    if (answer.headers.connection === 'close') this.answersWhileDraining += 1;
    return { status: answer.statusCode ?? 0, bytes: await buffer(answer) };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#probes);
    for (const { agent } of this.#targets) agent.destroy();
  }

  async #probe(): Promise<void> {
    await Promise.all(
      this.#targets.map(async (target) => {
        target.inRotation = await fetch(`${target.url}/health`).then(
          (response) => response.ok,
          () => false,
        );
      }),
    );
  }
}

import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

const PROBE_EVERY_MS = 100;

interface Target {
  readonly port: number;
  readonly operationsPort: number;
  /** Connections kept alive and reused, as a balancer does. */
  readonly agent: Agent;
  inRotation: boolean;
}

/** A stand-in for a load balancer: sends requests in turn to the targets whose readiness answers 200. */
export class LoadBalancer implements Disposable {
  readonly #targets: Target[] = [];
  readonly #probes: NodeJS.Timeout;
  #next = 0;

  constructor() {
    this.#probes = setInterval(() => void this.#probe(), PROBE_EVERY_MS);
  }

  /** Resolves when the target is in rotation. */
  async add(port: number, operationsPort: number): Promise<void> {
    const target = { port, operationsPort, agent: new Agent({ keepAlive: true }), inRotation: false };
    this.#targets.push(target);
    while (!target.inRotation) await this.#probe();
  }

  /** The body answered to `GET path`; rejects on any failure, and never tries twice. */
  async get(path: string): Promise<string> {
    const inRotation = this.#targets.filter((target) => target.inRotation);
    const target = inRotation[(this.#next += 1) % inRotation.length];
    if (!target) throw new Error('no target is in rotation');
    const [response] = (await once(get({ ...target, host: '127.0.0.1', path }), 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`status ${String(response.statusCode)}`);
    return text(response);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#probes);
    for (const { agent } of this.#targets) agent.destroy();
  }

  async #probe(): Promise<void> {
    await Promise.all(
      this.#targets.map(async (target) => {
        target.inRotation = await fetch(`http://127.0.0.1:${target.operationsPort}/readyz`).then(
          (response) => response.ok,
          () => false,
        );
      }),
    );
  }
}

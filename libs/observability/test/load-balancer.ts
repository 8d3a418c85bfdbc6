import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

const PROBE_EVERY_MS = 100;

interface Target {
  readonly port: number;
  readonly operationsPort: number;
  /** Connections kept alive and reused, as a balancer does. */
  readonly agent: Agent;
  inRotation: boolean;
}

/**
 * A stand-in for a load balancer: sends requests in turn to the targets whose readiness answers 200. One that has once
 * answered otherwise gets none any more.
 */
export class LoadBalancer implements Disposable {
  readonly #targets: Target[] = [];
  readonly #ending = new AbortController();
  #next = 0;

  /** Resolves when the target is in rotation. */
  async add(port: number, operationsPort: number): Promise<void> {
    const target = { port, operationsPort, agent: new Agent({ keepAlive: true }), inRotation: false };
    this.#targets.push(target);
    while (!target.inRotation) await this.#probe(target);
    void this.#watch(target);
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
    this.#ending.abort();
    for (const { agent } of this.#targets) agent.destroy();
  }

  /** One probe after the other, so that a late answer never hides a newer one. */
  async #watch(target: Target): Promise<void> {
    while (target.inRotation && !this.#ending.signal.aborted) {
      await delay(PROBE_EVERY_MS);
      await this.#probe(target);
    }
  }

  async #probe(target: Target): Promise<void> {
    target.inRotation = await fetch(`http://127.0.0.1:${target.operationsPort}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
  }
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens and never accepts; says at which port. */
const LISTENER = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/** Linux keeps one connection more waiting than it is told. */
const QUEUE_LENGTH = 2;

/** An address that drops whoever wants to connect, as behind a firewall: neither accepted nor refused. */
export class BlackHole implements AsyncDisposable {
  readonly url: string;
  readonly #listener: Worker;
  readonly #queue: readonly Socket[];

  private constructor(port: number, listener: Worker, queue: readonly Socket[]) {
    this.url = `http://127.0.0.1:${port}`;
    this.#listener = listener;
    this.#queue = queue;
  }

  static async open(): Promise<BlackHole> {
    const listener = new Worker(LISTENER, { eval: true });
    const [port] = (await once(listener, 'message')) as [number];
    const queue = Array.from({ length: QUEUE_LENGTH }, () => connect(port, '127.0.0.1'));
    await Promise.all(queue.map((socket) => once(socket, 'connect')));
    for (const socket of queue) socket.on('error', () => undefined);
    return new BlackHole(port, listener, queue);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#queue) socket.destroy();
    await this.#listener.terminate();
  }
}

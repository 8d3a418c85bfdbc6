import { once } from 'node:events';
import { Agent, request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createMetricsRegistry, HttpMetrics } from '@stowage/observability';
import { captureLogs, type CapturedLogs } from '@stowage/observability/testing';
import { createExpressApp } from '../src/express-app.ts';
import { createPublicServer } from '../src/http-server.ts';
import type { Gate } from '../src/http/mount-routes.ts';
import { route, type Route, type RouteDefinition } from '../src/http/route.ts';

/** A route for tests; open to everybody and unlimited unless the test says otherwise. */
export function givenRoute(fields: Pick<RouteDefinition, 'path' | 'handle'> & Partial<RouteDefinition>): Route {
  return route({
    ...{ method: 'get', operationId: 'test', tag: 'test', summary: 'Test', access: 'anonymous', rateLimit: 'none' },
    ...{ request: {}, responses: {}, problems: [] },
    ...fields,
  });
}

/** Who is let in; everybody unless the test says otherwise. */
export type Admission = Pick<Gate, 'authenticate' | 'limitRate'>;

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The body as an object; empty where it is not JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Routes in the real Express app, on a real port; no services behind them. */
export class HttpApp implements AsyncDisposable {
  readonly logs: CapturedLogs = captureLogs();
  readonly registry = createMetricsRegistry();
  readonly #server: ReturnType<typeof createPublicServer>;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #connections = 0;

  private constructor(routes: readonly Route[], admission: Admission) {
    const app = createExpressApp({
      ...{ routes, log: this.logs.logger, trustProxyHops: 0, corsOrigins: [] },
      gate: admission,
      metrics: new HttpMetrics(this.registry),
    });
    this.#server = createPublicServer(app);
    this.#server.on('connection', () => (this.#connections += 1));
  }

  static async listen(routes: readonly Route[], admission: Partial<Admission> = {}): Promise<HttpApp> {
    const open: Admission = { authenticate: async () => undefined, limitRate: async () => undefined };
    const app = new HttpApp(routes, { ...open, ...admission });
    app.#server.listen(0, '127.0.0.1');
    await once(app.#server, 'listening');
    return app;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections made so far: two requests that share one show that it was kept. */
  get connections(): number {
    return this.#connections;
  }

  /** Sends a request, over the kept connection where there is one, and reads the whole answer. */
  async send({ method = 'GET', path = '/', headers = {}, body }: Sent): Promise<Answered> {
    const req = request({ host: '127.0.0.1', port: this.port, method, path, headers, agent: this.#agent });
    req.end(body);
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of res) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const isJson = (res.headers['content-type'] ?? '').includes('json') && text !== '';
    const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: res.statusCode ?? 0, headers: res.headers, body: text, json };
  }

  /** A bare connection, for what HTTP clients do not do. */
  async connect(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

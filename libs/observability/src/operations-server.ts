import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Health } from './health.ts';
import type { Logger } from './logger.ts';

/** Options of {@link createOperationsServer}. */
export interface OperationsServerOptions {
  readonly registry: Registry;
  readonly health: Health;
  /** Told when the metrics cannot be collected. */
  readonly logger: Logger;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * A server, not yet listening, for the port that only the cluster reaches: `GET /livez`, `GET /readyz` (200 or 503) and
 * `GET /metrics`. Keep it running while the public server drains, so that probes see why, then close it last.
 */
export function createOperationsServer({ registry, health, logger }: OperationsServerOptions): Server {
  const answers = new Map<string, () => Promise<Answer>>([
    ['/livez', async () => json(200, health.liveness())],
    ['/readyz', async () => readyAnswer(health)],
    ['/metrics', async () => ({ status: 200, contentType: registry.contentType, body: await registry.metrics() })],
  ]);
  const server = createServer((request, response) => {
    answerFor(request, answers)
      .catch((error: unknown) => {
        logger.error({ err: error }, 'operations request failed');
        return text(500, 'Internal Server Error');
      })
      .then((answer) => send(request, response, answer))
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  // Probes and scrapes are small and near.
  server.requestTimeout = 5_000;
  server.headersTimeout = 5_000;
  server.keepAliveTimeout = 5_000;
  server.timeout = 10_000;
  return server;
}

async function answerFor(request: IncomingMessage, answers: Map<string, () => Promise<Answer>>): Promise<Answer> {
  const answer = answers.get(request.url?.split('?', 1)[0] ?? '');
  if (!answer) return text(404, 'Not Found');
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Method Not Allowed');
  return answer();
}

async function readyAnswer(health: Health): Promise<Answer> {
  const readiness = await health.readiness();
  return json(readiness.ready ? 200 : 503, readiness);
}

function send(request: IncomingMessage, response: ServerResponse, { status, contentType, body }: Answer): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function json(status: number, value: object): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(value) };
}

function text(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { runLoad, type LoadRequest } from './load-client.ts';

/** Answers `times` requests of a load on two connections, then the load is over. */
async function loadOf(listener: RequestListener, request: LoadRequest, times = 20) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let sent = 0;
  const next = (): LoadRequest => {
    sent += 1;
    return request;
  };
  try {
    const { port } = server.address() as AddressInfo;
    return await runLoad({ port, connections: 2, isOver: () => sent >= times, next });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const content = Buffer.alloc(200_000, 'content ');

describe('runLoad', () => {
  it('counts requests and the bytes of their content', async () => {
    const result = await loadOf((_req, res) => res.setHeader('Content-Length', content.length).end(content), {
      method: 'GET',
      path: '/',
      content,
    });

    expect(result.requests).toBeGreaterThanOrEqual(20);
    expect(result.bytes).toBe(result.requests * content.length);
  });

  it('does not wait for the content of an answer to HEAD', async () => {
    const { requests, bytes } = await loadOf((_req, res) => res.setHeader('Content-Length', 5).end(), {
      method: 'HEAD',
      path: '/',
    });

    expect(requests).toBeGreaterThanOrEqual(20);
    expect(bytes).toBe(0);
  });

  it('sends bodies whole', async () => {
    const bodies: boolean[] = [];
    const listener: RequestListener = (req, res) => {
      void buffer(req).then((body) => {
        bodies.push(body.equals(content));
        res.writeHead(201, { 'Content-Length': 0 }).end();
      });
    };
    await loadOf(listener, { method: 'PUT', path: '/', body: content, statuses: [201] });

    expect(bodies.length).toBeGreaterThanOrEqual(20);
    expect(bodies).not.toContain(false);
  });

  it('opens another connection when the server closes one after an answer', async () => {
    const result = await loadOf((_req, res) => res.writeHead(200, { 'Content-Length': 0, Connection: 'close' }).end(), {
      method: 'GET',
      path: '/',
    });

    expect(result.requests).toBeGreaterThanOrEqual(20);
  });

  it.each<[string, RequestListener, string]>([
    ['another status', (_req, res) => res.writeHead(500, { 'Content-Length': 0 }).end(), 'answered by 500'],
    ['another length', (_req, res) => res.setHeader('Content-Length', 1).end('x'), 'answered by 1 bytes'],
    ['other bytes', (_req, res) => res.end(Buffer.alloc(content.length, 'x')), 'answered by other bytes'],
    ['no answer at all', (req) => req.destroy(), 'socket hang up|ECONNRESET|closed a connection'],
  ])('fails for %s', async (_, listener, message) => {
    const load = loadOf(listener, { method: 'GET', path: '/', content });

    await expect(load).rejects.toThrow(new RegExp(message));
  });
});

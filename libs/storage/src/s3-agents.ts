import { Agent as HttpAgent, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

import { releaseChunk } from './chunk-memory.ts';

type ConnectionListener = (error: Error | null, stream: Duplex) => void;

/**
 * Agents whose sockets free what they have read. Node's HTTP client copies each chunk of a socket and leaves the
 * original to the garbage collector, which looks at it only after 64 MiB. Were it not to copy any more, bodies would
 * come out empty; `S3BlobStream` refuses those.
 */
export function createReleasingAgents(options: { readonly maxSockets: number }): {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
} {
  return {
    httpAgent: new ReleasingHttpAgent({ keepAlive: true, ...options }),
    httpsAgent: new ReleasingHttpsAgent({ keepAlive: true, ...options }),
  };
}

class ReleasingHttpAgent extends HttpAgent {
  override createConnection(options: ClientRequestArgs, listener?: ConnectionListener): Duplex | null | undefined {
    return releasing(super.createConnection(options, listener));
  }
}

class ReleasingHttpsAgent extends HttpsAgent {
  override createConnection(options: ClientRequestArgs, listener?: ConnectionListener): Duplex | null | undefined {
    return releasing(super.createConnection(options, listener));
  }
}

function releasing(socket: Duplex | null | undefined): Duplex | null | undefined {
  // The parser listens too and is through with the chunk when all listeners are.
  socket?.on('data', (chunk: Buffer) => process.nextTick(releaseChunk, chunk));
  return socket;
}

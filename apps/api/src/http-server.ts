import { createServer, type RequestListener, type Server } from 'node:http';
import { ConfigurationError } from '@stowage/settings';
import { answerMalformed } from './http/malformed-request.ts';

/** Longer than the 60 s a load balancer keeps idle connections, so that it is never the server that closes first. */
const keepAliveMs = 70_000;
const headersMs = 10_000;

export interface PublicServerOptions {
  /** Any more are closed at once. @default no limit */
  readonly maxConnections?: number;
  /** Called for each connection that is. @default nobody */
  readonly onDropped?: () => void;
}

/** The public server. Bodies have no deadline of their own here: `bodyStream` watches over their pace. */
export function createPublicServer(
  app: RequestListener,
  { maxConnections = Infinity, onDropped = () => undefined }: PublicServerOptions = {},
): Server {
  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      headersTimeout: headersMs,
      requestTimeout: 0,
      connectionsCheckingInterval: 1_000,
      noDelay: true,
      requireHostHeader: false, // `checkMessage` refuses that with a problem
    },
    app,
  );
  // Left to us by `acceptBody`: a refused body is then never sent.
  server.on('checkContinue', app);
  // Any other expectation may be ignored (RFC 9110 §10.1.1).
  server.on('checkExpectation', app);
  server.on('clientError', answerMalformed);
  server.maxConnections = maxConnections;
  server.on('drop', onDropped);
  return server;
}

export interface Listener {
  readonly server: Server;
  readonly port: number;
  /** The setting that names the port. */
  readonly variable: string;
}

/**
 * Starts listening.
 * @returns the ports, in the order of the listeners
 * @throws ConfigurationError naming every port that is taken or not allowed
 */
export async function listenAll(host: string, listeners: readonly Listener[]): Promise<readonly number[]> {
  const results = await Promise.allSettled(listeners.map((listener) => listen(host, listener)));
  const faults = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  if (faults.length > 0) {
    throw new ConfigurationError(faults.map(({ message }) => message).join('\n'), { cause: faults[0] });
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function listen(host: string, { server, port, variable }: Listener): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(toListenError(error, port, variable)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function toListenError(error: NodeJS.ErrnoException, port: number, variable: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new ConfigurationError(
      `Port ${port} is taken. Stop what listens there, or set ${variable} to another port.`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new ConfigurationError(
      `Port ${port} needs more rights than this process has. Set ${variable} to one above 1023.`,
      { cause: error },
    );
  }
  return new ConfigurationError(`Cannot listen on port ${port}: ${error.message}. Set HOST and ${variable}.`, {
    cause: error,
  });
}

import { createServer, type RequestListener, type Server } from 'node:http';
import { ConfigurationError } from './config/api-config.ts';

/** Longer than the 60 s a load balancer keeps idle connections, so that it is never the server that closes first. */
const keepAliveMs = 70_000;
const headersMs = 10_000;

/** The public server. Bodies have no deadline of their own here: `bodyStream` watches over their pace. */
export function createPublicServer(app: RequestListener): Server {
  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      headersTimeout: headersMs,
      requestTimeout: 0,
      connectionsCheckingInterval: 1_000,
      noDelay: true,
    },
    app,
  );
  // Left to us by `acceptBody`: a refused body is then never sent.
  server.on('checkContinue', app);
  return server;
}

/**
 * Starts listening.
 * @throws ConfigurationError when the port is taken or not allowed
 */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
  variable: string,
): Promise<number> {
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

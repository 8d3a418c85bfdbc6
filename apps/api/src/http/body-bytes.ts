import type { IncomingMessage, ServerResponse } from 'node:http';

/** How many bytes of bodies a request and its response have. */
export interface BodyBytes {
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/**
 * Begun with the request, asked when the response is closed. Exact where a body of known length came to its end; of
 * others it tells what the connection has carried since the request began, framing included.
 */
export function countBodyBytes(req: IncomingMessage, res: ServerResponse): () => BodyBytes {
  const { socket } = req;
  const { bytesRead, bytesWritten } = socket;
  return () => ({
    requestBytes: knownRequestBytes(req) ?? socket.bytesRead - bytesRead,
    responseBytes: knownResponseBytes(req, res) ?? socket.bytesWritten - bytesWritten,
  });
}

function knownRequestBytes({ headers, complete }: IncomingMessage): number | undefined {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  if (length === undefined && coding === undefined) return 0;
  return complete && length !== undefined ? Number(length) : undefined;
}

function knownResponseBytes({ method }: IncomingMessage, res: ServerResponse): number | undefined {
  if (method === 'HEAD' || res.statusCode === 204 || res.statusCode === 304) return 0;
  const length = res.getHeader('content-length');
  return res.writableFinished && length !== undefined ? Number(length) : undefined;
}

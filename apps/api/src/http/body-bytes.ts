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
  return () => {
    const read = socket.bytesRead - bytesRead;
    const written = socket.bytesWritten - bytesWritten;
    return { requestBytes: requestBytes(req, read), responseBytes: responseBytes(req, res, written) };
  };
}

function requestBytes({ headers, complete }: IncomingMessage, read: number): number {
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] === undefined ? 0 : read;
  return complete ? Number(length) : read;
}

function responseBytes({ method }: IncomingMessage, res: ServerResponse, written: number): number {
  if (method === 'HEAD' || res.statusCode === 204 || res.statusCode === 304) return 0;
  const length = res.getHeader('content-length');
  return res.writableFinished && length !== undefined ? Number(length) : written;
}

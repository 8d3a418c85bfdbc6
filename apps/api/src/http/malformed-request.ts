import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeLingering } from './lingering-close.ts';
import { problemCatalog, type ProblemCode } from './problem-catalog.ts';

interface Refusal {
  readonly code: ProblemCode;
  readonly errors?: readonly { readonly detail: string }[];
}

const malformed: Refusal = {
  code: 'invalid-request',
  errors: [{ detail: 'The request is not valid HTTP/1.1 (RFC 9112).' }],
};

/** By the codes of Node's parser. */
const refusals: ReadonlyMap<string, Refusal> = new Map([
  ['HPE_HEADER_OVERFLOW', { code: 'headers-too-large' }],
  ['HPE_INVALID_EOF_STATE', { code: 'size-mismatch' }],
]);

/**
 * Answers what is refused before it is a request that `express-app.ts` could answer: a problem like any other, then the
 * end of the connection. For the event `clientError` of a server.
 */
export function answerMalformed(error: Error & { readonly code?: string }, socket: Duplex): void {
  // Where Node's own answer looks whether another one is on its way.
  const { _httpMessage: pending } = socket as Duplex & { readonly _httpMessage?: ServerResponse | null };
  if (!socket.writable || pending?.headersSent === true) {
    socket.destroy(error);
    return;
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.end(tooSlow, () => socket.destroy());
  } else {
    socket.write(toResponse(refusals.get(error.code ?? '')));
    closeLingering(socket);
  }
}

const tooSlow = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

function toResponse({ code, errors }: Refusal = malformed): string {
  const { status, title, detail } = problemCatalog[code];
  const id = randomUUID();
  const problem = {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    instance: `/requests/${id}`,
    ...(errors && { errors }),
  };
  const body = JSON.stringify(problem);
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': id,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${body}`;
}

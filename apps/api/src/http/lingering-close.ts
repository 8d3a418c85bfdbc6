import type { Duplex } from 'node:stream';

/** How long a client may go on sending what nobody wants, as with other servers: lingering_time of nginx. */
export const lingerMs = 30_000;

/**
 * Ends our side of a connection and drops what the client still sends until it ends its own, for 30 s at most. A close
 * with bytes unread resets the connection, and who writes before it reads loses the answer (RFC 9112 §9.6).
 */
export function closeLingering(socket: Duplex): void {
  socket.end();
  const deadline = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(deadline));
  socket.once('end', () => socket.destroy());
  // While the parser holds it back, only the parser's own listener can have it read again.
  if (socket.isPaused()) socket.once('resume', () => dropAll(socket)).resume();
  else dropAll(socket);
}

/** Takes it from the parser: what comes is no request. */
function dropAll(socket: Duplex): void {
  socket.removeAllListeners('data');
  socket.on('data', () => undefined).resume();
}

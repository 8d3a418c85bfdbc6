import type { Request, RequestHandler } from 'express';
import { lingerMs } from './lingering-close.ts';

/** Whether the request announces a body of at least one byte (RFC 9112 §6.3). */
export function hasBody({ headers }: Request): boolean {
  const length = headers['content-length'];
  return length !== '0' && (length ?? headers['transfer-encoding']) !== undefined;
}

/** A body that nobody read holds the connection for 30 s after the answer at most. */
export const limitUnreadBody: RequestHandler = (req, res, next) => {
  if (hasBody(req)) {
    res.once('finish', () => {
      if (!req.complete) closeUnlessRead(req);
    });
  }
  next();
};

/** Node itself reads what is left and drops it. */
function closeUnlessRead(req: Request): void {
  const deadline = setTimeout(() => req.socket.destroy(), lingerMs);
  req.once('close', () => clearTimeout(deadline));
}

import type { Request, Response } from 'express';

/**
 * Tells a client that waits for `100 Continue` to send its body (RFC 9110 §10.1.1). The server leaves that to us, so
 * that refused bodies are never sent.
 */
export function acceptBody(req: Request, res: Response): void {
  if (req.headers.expect?.toLowerCase() === '100-continue') res.writeContinue();
}

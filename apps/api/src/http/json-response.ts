import type { Response } from 'express';

/**
 * What `res.json` does in this app. Express's own goes through `res.send`, which looks for a charset, an entity tag and
 * freshness: none of our JSON answers has them, and it takes as long as the rest of a small answer.
 */
export function sendJson(this: Response, body: unknown): Response {
  const text = JSON.stringify(body);
  // Whoever may see it may not tomorrow, and nobody else may ever.
  this.setHeader('Cache-Control', 'no-store');
  if (!this.hasHeader('Content-Type')) this.setHeader('Content-Type', 'application/json; charset=utf-8');
  this.setHeader('Content-Length', Buffer.byteLength(text));
  this.end(text);
  return this;
}

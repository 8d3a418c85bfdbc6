import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { acceptBody } from './expect-continue.ts';
import { BodyTooLargeError, UnsupportedMediaTypeError, UploadTooSlowError } from './http-errors.ts';
import { InvalidRequestError } from './invalid-request-error.ts';
import { hasBody } from './request-body.ts';

/** Largest JSON body: a thousand keys of a thousand bytes fit. */
const mostBytes = 2 * 1024 ** 2;
const deadlineSeconds = 60;

const parse: RequestHandler = express.json({ limit: mostBytes, inflate: false, verify: checkEncoding });

/** RFC 8259 §8.1: UTF-8 and nothing else. The parser would put U+FFFD where there is no character, and store that. */
// eslint-disable-next-line max-params -- the parser's
function checkEncoding(_req: IncomingMessage, _res: ServerResponse, body: Buffer, charset: string): void {
  if (charset !== 'utf-8') throw new UnsupportedMediaTypeError('application/json');
  if (!isUtf8(body)) throw new InvalidRequestError([{ pointer: '', detail: 'The body is not valid UTF-8.' }]);
}

/**
 * Reads a JSON body to `req.body`; leaves it undefined when there is none.
 * @throws UnsupportedMediaTypeError, BodyTooLargeError, what the body parser finds
 * @throws UploadTooSlowError when it is not there after a minute: it must not be held in memory for as long as a client likes
 */
export async function readJson(req: Request, res: Response): Promise<void> {
  if (!hasBody(req)) return;
  if (req.is('application/json') === false) throw new UnsupportedMediaTypeError('application/json');
  // The parser would read it to its end before it says so.
  if (Number(req.headers['content-length']) > mostBytes) throw new BodyTooLargeError(mostBytes);
  acceptBody(req, res);
  let deadline: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    deadline = setTimeout(() => reject(new UploadTooSlowError(mostBytes, deadlineSeconds)), deadlineSeconds * 1_000);
    void parse(req, res, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('The body parser failed', { cause: error }));
    });
  }).finally(() => clearTimeout(deadline));
}

import express, { type Request, type RequestHandler, type Response } from 'express';
import { acceptBody } from './expect-continue.ts';
import { BodyTooLargeError, UnsupportedMediaTypeError, UploadTooSlowError } from './http-errors.ts';

/** Largest JSON body: a thousand keys of a thousand bytes fit. */
const mostBytes = 2 * 1024 ** 2;
const deadlineSeconds = 60;

const parse: RequestHandler = express.json({ limit: mostBytes, inflate: false });

/**
 * Reads a JSON body to `req.body`; leaves it undefined when there is none.
 * @throws UnsupportedMediaTypeError, BodyTooLargeError, what the body parser finds
 * @throws UploadTooSlowError when it is not there after a minute: it must not be held in memory for as long as a client likes
 */
export async function readJson(req: Request, res: Response): Promise<void> {
  const { 'content-length': length, 'transfer-encoding': coding } = req.headers;
  const hasBody = length !== '0' && (length ?? coding) !== undefined;
  if (!hasBody) return;
  if (req.is('application/json') === false) throw new UnsupportedMediaTypeError('application/json');
  // The parser would read it to its end before it says so.
  if (Number(length) > mostBytes) throw new BodyTooLargeError(mostBytes);
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

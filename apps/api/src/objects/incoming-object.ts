import type { ServerResponse } from 'node:http';
import { bodyStream } from '../http/body-stream.ts';
import { parseWriteCondition } from '../http/conditional-request.ts';
import { parseContentDigest } from '../http/content-digest.ts';
import { acceptBody } from '../http/expect-continue.ts';
import { UnsupportedMediaTypeError } from '../http/http-errors.ts';
import { InvalidRequestError } from '../http/invalid-request-error.ts';
import type { Exchange } from '../http/route.ts';
import { parseObjectHeaders } from './object-headers.ts';
import type { IncomingObject } from './put-object.ts';

/**
 * What an upload says of itself.
 * @throws InvalidRequestError, UnsupportedMediaTypeError
 */
export function toIncomingObject(
  { bucket, key }: { bucket: string; key: string },
  { req, res }: Exchange,
): IncomingObject {
  const { headers } = req;
  refuseContentCoding(headers['content-encoding']);
  refusePart(headers['content-range']);
  const length = headers['content-length'];
  return {
    ...parseObjectHeaders(headers),
    bucketName: bucket,
    key,
    condition: parseWriteCondition(headers),
    expectedDigests: parseContentDigest(headers['content-digest'] as string | undefined),
    sizeBytes: length === undefined ? undefined : Number(length),
    open: () => {
      acceptBody(req, res);
      return bodyStream(req);
    },
    signal: whenGone(res),
  };
}

/** The bytes are stored as they come; which coding they were in would be lost. */
function refuseContentCoding(coding: string | undefined): void {
  if (coding !== undefined && coding.toLowerCase() !== 'identity') throw new UnsupportedMediaTypeError();
}

/** RFC 9110 §14.5: taken for the whole, a part would replace it. */
function refusePart(range: string | undefined): void {
  if (range === undefined) return;
  throw new InvalidRequestError([
    { header: 'content-range', detail: 'content-range: an object is stored as a whole, not in parts.' },
  ]);
}

/** Aborted when the client goes away before it was answered. */
function whenGone(res: ServerResponse): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  return gone.signal;
}

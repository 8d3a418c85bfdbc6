import type { RequestHandler } from 'express';
import { InvalidRequestError, type RequestFault } from './invalid-request-error.ts';

/** What RFC 9112 demands of a message and Node's parser does not look at; throws InvalidRequestError. */
export const checkMessage: RequestHandler = (req, _res, next) => {
  const faults: RequestFault[] = [];
  const hosts = req.headersDistinct.host?.length ?? 0;
  // §3.2
  if (hosts > 1 || (hosts === 0 && req.httpVersion === '1.1'))
    faults.push({ header: 'host', detail: 'host must be given once.' });
  const coding = req.headers['transfer-encoding'];
  // §6.1 proposes a 501, which would count as a fault of the server.
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    faults.push({ header: 'transfer-encoding', detail: 'transfer-encoding can only be chunked.' });
  if (faults.length > 0) throw new InvalidRequestError(faults);
  next();
};

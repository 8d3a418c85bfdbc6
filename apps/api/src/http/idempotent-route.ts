import type { ErrorRequestHandler, Response } from 'express';
import { keyRule, readIdempotencyKey } from '../idempotency/idempotency-key.ts';
import type { Answer, IdempotentRequests } from '../idempotency/idempotent-requests.ts';
import { InvalidRequestError } from './invalid-request-error.ts';
import type { Exchange, Route } from './route.ts';

export interface IdempotentRouteOptions {
  readonly idempotency: IdempotentRequests;
  /** Answers errors; what the request was refused with is recorded like any answer. */
  readonly answerProblem: ErrorRequestHandler;
}

/** Headers of the message, not of the answer. */
const messageHeaders = new Set(['connection', 'content-length', 'date', 'transfer-encoding']);

/**
 * The route; if it is idempotent, a request whose `Idempotency-Key` came before is not handled but answered what was
 * answered then, with `Idempotency-Replayed`. The key is looked at once the request is known to be well formed and its
 * caller to be allowed here. It throws InvalidRequestError for a malformed key, IdempotencyKeyReusedError,
 * IdempotencyKeyInUseError.
 */
export function withIdempotency(route: Route, options: IdempotentRouteOptions): Route {
  if (route.idempotent !== true) return route;
  return {
    ...route,
    handle: async (input, exchange) => {
      const handle = (): Promise<void> => route.handle(input, exchange);
      if (exchange.req.headers['idempotency-key'] === undefined) await handle();
      else await handleOnce({ ...exchange, route: route.path, handle }, options);
    },
  };
}

interface OnceRequest extends Exchange {
  /** Template of the path. */
  readonly route: string;
  readonly handle: () => Promise<void>;
}

async function handleOnce(request: OnceRequest, options: IdempotentRouteOptions): Promise<void> {
  const { req, res, route } = request;
  const key = readIdempotencyKey(String(req.headers['idempotency-key']));
  if (key === undefined) {
    throw new InvalidRequestError([{ header: 'idempotency-key', detail: `Idempotency-Key must be ${keyRule}.` }]);
  }
  const content = [req.originalUrl, (req.body ?? null) as unknown];
  const { answer, replayed } = await options.idempotency.run(
    { key, caller: callerOf(request), method: req.method, route, content },
    () => answerOf(request, options.answerProblem),
  );
  if (replayed) res.setHeader('Idempotency-Replayed', 'true');
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
  res.status(answer.status).setHeader('Content-Length', Buffer.byteLength(answer.body)).end(answer.body);
}

/** A credential of one bucket sees nothing of what its user's others were answered. */
function callerOf({ req, res }: Exchange): string {
  const { principal } = res.locals;
  if (principal === undefined) return `address ${req.ip ?? ''}`;
  return `user ${principal.accountId} ${principal.userId} ${principal.bucketId ?? ''}`;
}

/** Handles the request but holds its answer back: it must be recorded before anybody is told. */
async function answerOf({ req, res, handle }: OnceRequest, answerProblem: ErrorRequestHandler): Promise<Answer> {
  const before = new Set(res.getHeaderNames());
  const held = holdEnd(res);
  try {
    await handle();
  } catch (error) {
    await answerProblem(error, req, res, () => undefined);
    if (held.body() === undefined) throw error; // the client went away, and there is nothing to record
  } finally {
    held.letGo();
  }
  const answer = { status: res.statusCode, headers: takeHeaders(res, before), body: held.body() ?? '' };
  res.statusCode = 200;
  return answer;
}

function holdEnd(res: Response): { body: () => string | undefined; letGo: () => void } {
  const end = res.end.bind(res);
  let body: string | undefined;
  res.end = ((chunk?: string | Uint8Array): Response => {
    body = typeof chunk === 'string' ? chunk : Buffer.from(chunk ?? []).toString();
    return res;
  }) as Response['end'];
  return {
    body: () => body,
    letGo: () => {
      res.end = end;
    },
  };
}

/** The headers that are new, taken off again: should the record fail, they must not be sent with the problem. */
function takeHeaders(res: Response, before: ReadonlySet<string>): Answer['headers'] {
  const added = res.getHeaderNames().filter((name) => !before.has(name) && !messageHeaders.has(name));
  const headers = added.map((name) => [name, toHeaderValue(res.getHeader(name))] as const);
  for (const name of added) res.removeHeader(name);
  return Object.fromEntries(headers);
}

function toHeaderValue(value: ReturnType<Response['getHeader']>): string | readonly string[] {
  return Array.isArray(value) ? value : String(value ?? '');
}

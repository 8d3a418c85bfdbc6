import type { Request, Response } from 'express';
import type { z } from 'zod';
import { keyRule } from '../idempotency/idempotency-key.ts';
import type { ProblemCode } from './problem-catalog.ts';
import type { Scope } from './principal.ts';

/** What the parameters, the query and the body of a request must look like. Unknown query and body fields are refused. */
export interface RequestSchemas {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** A JSON body; `'bytes'` is a body that the handler streams itself. */
  readonly body?: z.ZodType | 'bytes';
}

/** The parsed parts of a request. */
export interface ParsedRequest<S extends RequestSchemas> {
  readonly params: S['params'] extends z.ZodObject ? z.output<S['params']> : unknown;
  readonly query: S['query'] extends z.ZodObject ? z.output<S['query']> : unknown;
  readonly body: S['body'] extends z.ZodType ? z.output<S['body']> : undefined;
}

/** One documented answer of a route. */
export interface RouteResponse {
  readonly description: string;
  /** Shape of the JSON body; `'bytes'` for the content of an object; left out where there is no body. */
  readonly body?: z.ZodType | 'bytes';
  /** Headers a client may rely on, each with its meaning. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request header the route obeys, for the OpenAPI document. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** What a route is, in one place: it is mounted from this, and the OpenAPI document is written from this. */
export interface RouteDefinition<S extends RequestSchemas = RequestSchemas> {
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** Express path: `/v1/buckets/:bucket`; `*key` takes the rest of the path with its slashes. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** The scope a caller needs; `anonymous` routes take callers without a credential. */
  readonly access: Scope | 'anonymous';
  /** `sign-in` routes are limited far more tightly, by address; `none` is for load balancers. @default 'request' */
  readonly rateLimit?: 'request' | 'sign-in' | 'none';
  /** Takes an `Idempotency-Key`: requests with the same key take effect once. For JSON routes alone. @default false */
  readonly idempotent?: boolean;
  readonly request: S;
  readonly requestHeaders?: RequestHeaders;
  readonly responses: Readonly<Record<number, RouteResponse>>;
  /** Problems this route may answer beyond those every route may. */
  readonly problems: readonly ProblemCode[];
  readonly handle: (input: ParsedRequest<S>, exchange: Exchange) => Promise<void>;
}

export interface Exchange {
  readonly req: Request;
  readonly res: Response;
}

/** A route whose handler's input type is sealed in. */
export type Route = Omit<RouteDefinition, 'handle'> & {
  readonly handle: (input: ParsedRequest<RequestSchemas>, exchange: Exchange) => Promise<void>;
};

/** Ties the handler's input to the schemas. */
export function route<const S extends RequestSchemas>(definition: RouteDefinition<S>): Route {
  // `parseRequest` gives the handler what its schemas promise
  return definition.idempotent === true ? { ...definition, ...documentIdempotency(definition) } : definition;
}

/** What a client may know of `idempotent`. */
function documentIdempotency({ requestHeaders, responses, problems }: Omit<RouteDefinition, 'handle'>): Partial<Route> {
  const replayed = '`true` when this is the answer to an earlier request with the same key.';
  return {
    requestHeaders: {
      ...requestHeaders,
      'Idempotency-Key': `Send the request again with the same key, for up to 24 hours, and it takes effect once: the first answer comes again. ${keyRule}; a random one such as a UUID, as the stored answer is encrypted under it.`,
    },
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [
        status,
        { ...response, headers: { ...response.headers, 'Idempotency-Replayed': replayed } },
      ]),
    ),
    problems: [...problems, 'idempotency-key-reused', 'idempotency-key-in-use'],
  };
}

import { z } from 'zod';
import { problemCatalog, type ProblemCode } from '../http/problem-catalog.ts';
import type { Route, RouteResponse } from '../http/route.ts';
import { sessionCookie } from '../http/authenticate.ts';

type Json = Record<string, unknown>;

/** Problems that routes of a kind may answer, whatever they do. */
const commonProblems: readonly ProblemCode[] = [
  'invalid-request',
  'headers-too-large',
  'unavailable',
  'internal-error',
];
const admissionProblems: readonly ProblemCode[] = ['rate-limited', 'unauthenticated', 'origin-not-allowed'];
const jsonProblems: readonly ProblemCode[] = ['body-too-large', 'unsupported-media-type', 'upload-too-slow'];

const problemSchema = {
  type: 'object',
  description: 'RFC 9457.',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: { type: 'string', description: 'Path of the page that explains the problem.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'Names this one answer; the log has its id.' },
    errors: {
      type: 'array',
      description: 'Each fault of a malformed request.',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer into the body.' },
          parameter: { type: 'string' },
          header: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

const binaryContent = { '*/*': { schema: { type: 'string', format: 'binary' } } };

const retryAfter = { 'Retry-After': 'Seconds to wait.' };

/** Headers of problems by their status, each with its meaning. */
const problemHeaders: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'RFC 6750: how to authenticate, and what is wrong with an access token.' },
  403: { 'WWW-Authenticate': 'RFC 6750: the scope that is missing, if that is the reason.' },
  416: { 'Content-Range': 'The size of the content.' },
  429: {
    ...retryAfter,
    'RateLimit-Limit': 'Requests a minute.',
    'RateLimit-Remaining': 'Requests left now.',
    'RateLimit-Reset': 'Seconds until all of them are there again.',
  },
  503: retryAfter,
};

/** The OpenAPI 3.1 document of the routes: it is written from what is mounted, so that neither lacks what the other has. */
export function toOpenApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = (paths[toOpenApiPath(route.path)] ??= {});
    const operation = toOperation(route);
    path[route.method] = operation;
    if (route.method === 'get') path.head = toHeadOperation(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stowage',
      version: '1',
      description: 'Upload, find, share and keep files. X-Request-Id of every answer names it in the log.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
      },
    },
  };
}

/** Express names parameters `:name` and `*name`, OpenAPI `{name}`. */
export function toOpenApiPath(path: string): string {
  return path.replaceAll(/[:*](\w+)/g, '{$1}');
}

interface Operation extends Json {
  readonly operationId: string;
  readonly parameters: readonly Json[];
  readonly responses: Readonly<Record<string, Json>>;
}

function toOperation(route: Route): Operation {
  const { request, access } = route;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    ...(access === 'anonymous'
      ? { security: [] }
      : { security: [{ accessToken: [] }, { session: [] }], 'x-scope': access }),
    ...(route.rateLimit === 'sign-in' && { 'x-rate-limit': 'sign-in' }),
    parameters: [
      ...toParameters('path', request.params),
      ...toParameters('query', request.query),
      ...Object.entries(route.requestHeaders ?? {}).map(([name, description]) => ({
        name,
        in: 'header',
        description,
        schema: { type: 'string' },
      })),
    ],
    ...toRequestBody(route),
    responses: toResponses(route),
  };
}

/** Ranges and redirects are for the content, which HEAD does not bring (RFC 9110 §14.2). */
const ofContentAlone = { parameters: new Set(['Range', 'If-Range']), statuses: new Set(['206', '307', '416']) };

function toHeadOperation(get: Operation): Operation {
  const responses = Object.entries(get.responses)
    .filter(([status]) => !ofContentAlone.statuses.has(status))
    .map(([status, { content: _content, ...response }]) => [status, response] as const);
  return {
    ...get,
    operationId: get.operationId.replace(/^\w+?(?=[A-Z])/, 'head'),
    parameters: get.parameters.filter(({ name }) => !ofContentAlone.parameters.has(String(name))),
    responses: Object.fromEntries(responses),
  };
}

function toParameters(where: 'path' | 'query', schema: z.ZodObject | undefined): readonly Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toJsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(typeof property.description === 'string' && { description: property.description }),
    schema: property,
  }));
}

function toRequestBody({ request: { body } }: Route): Json {
  if (body === undefined) return {};
  if (body !== 'bytes') {
    return {
      requestBody: { required: true, content: { 'application/json': { schema: toJsonSchema(body, 'input') } } },
    };
  }
  const description = 'The content, of the media type in Content-Type; the first bytes are checked against it.';
  return { requestBody: { required: true, description, content: binaryContent } };
}

/** A status that is an answer of the route's own and a problem too has both shapes. */
function toResponses(route: Route): Operation['responses'] {
  const responses = toProblems(route);
  for (const [status, response] of Object.entries(route.responses)) {
    const own = toResponse(response);
    const problem = responses[status];
    responses[status] = problem
      ? {
          description: `${own.description} ${problem.description}`,
          headers: { ...own.headers, ...problem.headers },
          content: { ...own.content, ...problem.content },
        }
      : own;
  }
  return responses;
}

interface Response extends Json {
  readonly description: string;
  readonly headers?: Json;
  readonly content?: Json;
}

function toResponse({ description, body, headers }: RouteResponse): Response {
  return {
    description,
    ...(headers !== undefined && { headers: toHeaders(headers) }),
    ...(body === 'bytes' && { content: binaryContent }),
    ...(body !== undefined &&
      body !== 'bytes' && { content: { 'application/json': { schema: toJsonSchema(body, 'output') } } }),
  };
}

function toHeaders(headers: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

/** One response for each status, naming the problems behind it. */
function toProblems(route: Route): Record<string, Response> {
  const { access, rateLimit, request, problems } = route;
  const isOpen = rateLimit === 'none' && access === 'anonymous';
  const codes: readonly ProblemCode[] = [
    ...commonProblems,
    ...(isOpen ? [] : admissionProblems),
    ...(access === 'anonymous' ? [] : (['insufficient-scope'] as const)),
    ...(rateLimit === 'sign-in' ? (['overloaded'] as const) : []),
    ...(request.body === undefined || request.body === 'bytes' ? [] : jsonProblems),
    ...problems,
  ];
  const byStatus = Map.groupBy(new Set(codes), (code) => problemCatalog[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `[${code}](/problems/${code}): ${problemCatalog[code].title}.`).join(' '),
        ...(problemHeaders[status] !== undefined && { headers: toHeaders(problemHeaders[status]) }),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const json: Json = { ...z.toJSONSchema(schema, { io, unrepresentable: 'any' }) };
  delete json.$schema; // OpenAPI 3.1 names the dialect once, for the whole document
  return json;
}

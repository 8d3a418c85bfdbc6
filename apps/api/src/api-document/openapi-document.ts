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

/** The OpenAPI 3.1 document of the routes: it is written from what is mounted, so that neither lacks what the other has. */
export function toOpenApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = (paths[toOpenApiPath(route.path)] ??= {});
    path[route.method] = toOperation(route);
    if (route.method === 'get')
      path.head = { ...toOperation(route), operationId: route.operationId.replace(/^\w+?(?=[A-Z])/, 'head') };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stowage',
      version: '1',
      description: 'Upload, find, share and keep files.',
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

function toOperation(route: Route): Json {
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
  const content =
    body === 'bytes'
      ? { '*/*': { schema: { type: 'string', format: 'binary' } } }
      : { 'application/json': { schema: toJsonSchema(body, 'input') } };
  return { requestBody: { required: true, content } };
}

/** A status that is an answer of the route's own and a problem too has both shapes. */
function toResponses(route: Route): Json {
  const responses: Json = toProblems(route);
  for (const [status, response] of Object.entries(route.responses)) {
    const own = toResponse(response);
    const problem = responses[status] as { description: string; content: Json } | undefined;
    responses[status] = problem
      ? {
          ...own,
          description: `${response.description} ${problem.description}`,
          content: { ...(own.content as Json | undefined), ...problem.content },
        }
      : own;
  }
  return responses;
}

function toResponse({ description, body, headers }: RouteResponse): Json {
  const binary = { '*/*': { schema: { type: 'string', format: 'binary' } } };
  return {
    description,
    ...(headers !== undefined && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' } }]),
      ),
    }),
    ...(body === 'bytes' && { content: binary }),
    ...(body !== undefined &&
      body !== 'bytes' && { content: { 'application/json': { schema: toJsonSchema(body, 'output') } } }),
  };
}

/** One response for each status, naming the problems behind it. */
function toProblems(route: Route): Json {
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

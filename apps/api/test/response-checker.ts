import { z } from 'zod';
import type { OpenApiDocument, Operation } from './api-description.ts';
import type { Answer, CallInit } from './given.ts';
import { problemFaults } from './problem-answers.ts';

export type Call = (method: string, path: string, init?: CallInit) => Promise<Answer>;

/** Answered before any route is chosen, so that no operation can have them. */
const ofNoOperation = new Set(['route-not-found', 'method-not-allowed']);

/** Compares answers with what the OpenAPI document says of their operation, and remembers what it has seen. */
export class ResponseChecker {
  readonly faults: string[] = [];
  /** Operations that succeeded. */
  readonly succeeded = new Set<string>();
  /** Codes of all problems seen. */
  readonly codes = new Set<string>();
  readonly #operations: readonly Operation[];
  readonly #problem: z.ZodType;
  readonly #schemas = new Map<string, z.ZodType>();

  constructor(document: OpenApiDocument, operations: readonly Operation[]) {
    // Paths without parameters first: they win over those with.
    this.#operations = [...operations].sort((a, b) => a.pathParameters.length - b.pathParameters.length);
    this.#problem = toZod(document.components.schemas.Problem);
  }

  /** The same calls, each answer checked. */
  wrap(call: Call): Call {
    return async (method, path, init) => {
      const answer = await call(method, path, init);
      const operation = this.#find(method, path.split('?', 1)[0] ?? '');
      const faults = operation === undefined ? this.#checkProblem(answer, method) : this.#check(operation, answer);
      this.faults.push(...faults.map((fault) => `${method} ${path} → ${answer.status}: ${fault}`));
      return answer;
    };
  }

  #find(method: string, path: string): Operation | undefined {
    return this.#operations.find((operation) => operation.method === method && toPattern(operation.path).test(path));
  }

  #check(operation: Operation, answer: Answer): readonly string[] {
    const { status, headers, json, bytes } = answer;
    const documented = operation.responses[status];
    if (status >= 400 && operation.operationId !== 'getHealth') {
      const code = this.#codeOf(answer);
      const isDocumented = documented?.description.includes(`(/problems/${code})`) ?? false;
      const missing =
        isDocumented || ofNoOperation.has(code) || operation.method === 'HEAD' ? [] : [`${code} is not documented`];
      return [...this.#checkProblem(answer, operation.method), ...missing];
    }
    if (documented === undefined) return ['the status is not documented'];
    if (status < 300) this.succeeded.add(operation.operationId);
    const surprise = [...headers.keys()].find((name) => !isDescribed(name, documented.headers ?? {}));
    if (surprise !== undefined) return [`the header ${surprise} is not documented`];
    const schema = documented.content?.['application/json']?.schema;
    if (schema === undefined)
      return documented.content === undefined && bytes.length > 0 ? ['a body where none is documented'] : [];
    if (operation.method === 'HEAD') return [];
    if (!/^application\/json(;|$)/.test(headers.get('content-type') ?? ''))
      return [`content type ${headers.get('content-type') ?? ''}`];
    return faultsOf(this.#schemaOf(`${operation.operationId} ${status}`, schema), json);
  }

  #checkProblem(answer: Answer, method: string): readonly string[] {
    this.#codeOf(answer);
    const isProblem = method === 'HEAD' || answer.status >= 500 ? [] : faultsOf(this.#problem, answer.json);
    return answer.status >= 500 ? [`${answer.status}`] : [...problemFaults(answer, method), ...isProblem];
  }

  #codeOf({ json }: Answer): string {
    const code = String((json as { type?: string } | undefined)?.type).replace('/problems/', '');
    this.codes.add(code);
    return code;
  }

  #schemaOf(name: string, schema: object): z.ZodType {
    const known = this.#schemas.get(name) ?? toZod(schema);
    this.#schemas.set(name, known);
    return known;
  }
}

function toZod(schema: object | undefined): z.ZodType {
  return z.fromJSONSchema((schema ?? {}) as Parameters<typeof z.fromJSONSchema>[0]);
}

function faultsOf(schema: z.ZodType, value: unknown): readonly string[] {
  const { error } = schema.safeParse(value);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

/** Those of HTTP itself, of browsers' safety, and what the document says of every answer. */
const ofEveryAnswer =
  /^(cache-control|connection|content-length|content-security-policy|content-type|cross-origin-.*|date|keep-alive|origin-agent-cluster|ratelimit-.*|referrer-policy|set-cookie|strict-transport-security|transfer-encoding|x-content-type-options|x-frame-options|x-request-id)$/;

function isDescribed(header: string, described: object): boolean {
  const names = Object.keys(described).map((name) => name.toLowerCase());
  return ofEveryAnswer.test(header) || names.includes(header.replace(/^(stowage-meta-).+/, '$1name'));
}

function toPattern(template: string): RegExp {
  return new RegExp(`^${template.replaceAll('{key}', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

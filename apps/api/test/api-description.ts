import { send } from './given.ts';
import type { RunningApi } from './start-api.ts';

/** JSON Schema, as far as the document uses it. */
export interface JsonSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

interface Content {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

/** One operation of the OpenAPI document. */
export interface Operation {
  /** In upper case. */
  readonly method: string;
  /** With its parameters as `{name}`. */
  readonly path: string;
  readonly operationId: string;
  /** Schema of the JSON body, where it has one. */
  readonly body: JsonSchema | undefined;
  readonly takesBytes: boolean;
  readonly pathParameters: readonly string[];
  readonly queryParameters: readonly Parameter[];
  readonly headerParameters: readonly string[];
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
  readonly isAnonymous: boolean;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Operation['responses'];
  readonly security: readonly unknown[];
  readonly 'x-rate-limit'?: string;
}

export async function readDocument(api: Pick<RunningApi, 'url'>): Promise<OpenApiDocument> {
  return (await send(api, 'GET', '/openapi.json')).json as OpenApiDocument;
}

export function operationsOf({ paths }: OpenApiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => toOperation(method.toUpperCase(), path, operation)),
  );
}

function toOperation(method: string, path: string, operation: DocumentedOperation): Operation {
  const { operationId, parameters, requestBody, responses, security } = operation;
  const named = (place: Parameter['in']): Parameter[] => parameters.filter((parameter) => parameter.in === place);
  return {
    ...{ method, path, operationId, responses },
    body: requestBody?.content?.['application/json']?.schema,
    takesBytes: requestBody?.content?.['*/*'] !== undefined,
    pathParameters: named('path').map(({ name }) => name),
    queryParameters: named('query'),
    headerParameters: named('header').map(({ name }) => name),
    isAnonymous: security.length === 0,
  };
}

/** The path with its parameters filled in. A parameter without a value is an error: nobody has thought of it yet. */
export function fillPath(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`The test knows no value for {${name}} in ${template}: give it one.`);
    return encodeURIComponent(value);
  });
}

/** A small value that the schema takes, with the required properties alone. */
export function exampleOf(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf?.[0] !== undefined) return exampleOf(schema.anyOf[0]);
  switch (schema.type) {
    case 'object': {
      const names = schema.required ?? [];
      return Object.fromEntries(names.map((name) => [name, exampleOf(schema.properties?.[name] ?? {})]));
    }
    case 'array':
      return schema.items === undefined ? [] : [exampleOf(schema.items)];
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return false;
    default:
      return schema.format === 'email' ? 'somebody@example.com' : 'example-text-0';
  }
}

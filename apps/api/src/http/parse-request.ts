import type { Request } from 'express';
import type { z } from 'zod';
import { InvalidRequestError, type RequestFault } from './invalid-request-error.ts';
import type { ParsedRequest, RequestSchemas } from './route.ts';

/**
 * Checks parameters, query and body together.
 * @throws InvalidRequestError naming every fault.
 */
export function parseRequest<S extends RequestSchemas>(schemas: S, req: Request): ParsedRequest<S> {
  const faults: RequestFault[] = [];
  const params = check(schemas.params, joinWildcards(req.params), (path) => ({ parameter: path.join('.') }), faults);
  const query = parseQuery(schemas, req, faults);
  const body =
    schemas.body === undefined || schemas.body === 'bytes'
      ? undefined
      : check(schemas.body, req.body ?? {}, (path) => ({ pointer: toPointer(path) }), faults);
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return { params, query, body } as ParsedRequest<S>;
}

type Locate = (path: readonly PropertyKey[]) => Omit<RequestFault, 'detail'>;

function check(schema: z.ZodType | undefined, value: unknown, locate: Locate, faults: RequestFault[]): unknown {
  if (schema === undefined) return {};
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys)
        faults.push({ ...locate([...issue.path, key]), detail: `${key} is not known here.` });
    } else {
      faults.push({ ...locate(issue.path), detail: toSentence(issue) });
    }
  }
  return undefined;
}

function toSentence(issue: z.core.$ZodIssue): string {
  const subject = issue.path.length === 0 ? 'The value' : issue.path.join('.');
  return `${subject}: ${issue.message}${issue.message.endsWith('.') ? '' : '.'}`;
}

/** Every query parameter may be given once: a second one would be ignored silently. */
function parseQuery(schemas: RequestSchemas, req: Request, faults: RequestFault[]): unknown {
  const start = req.url.indexOf('?');
  if (start === -1 && schemas.query === undefined) return {};
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(start === -1 ? '' : req.url.slice(start + 1))) {
    if (name in values) faults.push({ parameter: name, detail: `${name} is given more than once.` });
    values[name] = value;
  }
  if (schemas.query !== undefined) {
    return check(schemas.query, { ...values }, (path) => ({ parameter: path.join('.') }), faults);
  }
  for (const name of Object.keys(values)) faults.push({ parameter: name, detail: `${name} is not known here.` });
  return {};
}

/** Express splits what a `*name` matched at the slashes. */
function joinWildcards(params: Request['params']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params as Record<string, string | string[]>).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join('/') : value,
    ]),
  );
}

/** RFC 6901: `~` and `/` in a name are escaped. */
function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

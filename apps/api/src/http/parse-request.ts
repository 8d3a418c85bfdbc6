import type { Request } from 'express';
import { z } from 'zod';
import { InvalidRequestError, type RequestFault } from './invalid-request-error.ts';
import { decodePercent } from './request-text.ts';
import type { ParsedRequest, RequestSchemas } from './route.ts';

/** A hostile body could have a fault in each of a million fields. */
const mostFaults = 100;

/**
 * Checks parameters, query and body together.
 * @throws InvalidRequestError naming every fault, or the first hundred
 */
export function parseRequest<S extends RequestSchemas>(schemas: S, req: Request): ParsedRequest<S> {
  const faults: RequestFault[] = [];
  const parameter: Locate = (path) => ({ parameter: path.join('.') });
  const pointer: Locate = (path) => ({ pointer: toPointer(path) });
  const params = check(schemas.params, joinWildcards(req.params), { locate: parameter, faults });
  const query = check(schemas.query ?? noQuery, readQuery(req.url, faults), { locate: parameter, faults });
  const body =
    schemas.body === undefined || schemas.body === 'bytes'
      ? undefined
      : check(schemas.body, req.body, { locate: pointer, faults });
  if (faults.length > 0) throw new InvalidRequestError(faults.slice(0, mostFaults));
  return { params, query, body } as ParsedRequest<S>;
}

const noQuery = z.strictObject({});

type Locate = (path: readonly PropertyKey[]) => Omit<RequestFault, 'detail'>;

function check(
  schema: z.ZodType | undefined,
  value: unknown,
  { locate, faults }: { locate: Locate; faults: RequestFault[] },
): unknown {
  if (schema === undefined) return {};
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  if (value === undefined) {
    faults.push({ ...locate([]), detail: 'The body is missing.' });
    return undefined;
  }
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

/** Every parameter may be given once: a second one would be ignored silently. */
function readQuery(url: string, faults: RequestFault[]): unknown {
  const start = url.indexOf('?');
  if (start === -1) return {};
  const text = url.slice(start + 1);
  // `URLSearchParams` would ask for something else.
  if (decodePercent(text) === undefined) faults.push({ detail: 'The query is not valid percent-encoded UTF-8.' });
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (values.has(name)) faults.push({ parameter: name, detail: `${name} is given more than once.` });
    values.set(name, value);
  }
  return Object.fromEntries(values);
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

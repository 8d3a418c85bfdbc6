import { isProblemCode, problemCatalog } from '../src/http/problem-catalog.ts';
import type { Answer } from './given.ts';

/** What is wrong with an answer that refuses a request: all of RFC 9457 as the API promises it. Empty when it is right. */
export function problemFaults({ status, headers, bytes, json }: Answer, method: string): readonly string[] {
  const faults: string[] = [];
  if (status < 400 || status >= 500) faults.push(`${status} is no 4xx`);
  if (headers.get('content-type') !== 'application/problem+json')
    faults.push(`content type ${headers.get('content-type') ?? ''}`);
  if (headers.get('cache-control') !== 'no-store') faults.push('may be cached');
  if (method === 'HEAD') return bytes.length === 0 ? faults : [...faults, 'a body'];
  if (typeof json !== 'object' || json === null) return [...faults, `the body ${bytes.toString().slice(0, 200)}`];
  const { type, title, detail, instance, errors, ...others } = json as Record<string, unknown>;
  const code = String(type).replace('/problems/', '');
  if (!isProblemCode(code)) return [...faults, `the type ${String(type)}`];
  const known = problemCatalog[code];
  if (known.status !== status || others.status !== status || title !== known.title)
    faults.push(`${code} with ${status}, ${String(title)}`);
  if (typeof detail !== 'string' || detail.length < 10) faults.push(`the detail ${String(detail)}`);
  if (instance !== `/requests/${headers.get('x-request-id') ?? ''}`) faults.push(`the instance ${String(instance)}`);
  const { status: _status, ...unknown } = others;
  if (Object.keys(unknown).length > 0) faults.push(`unknown members ${Object.keys(unknown).join()}`);
  return [...faults, ...(code === 'invalid-request' ? faultsOfErrors(errors) : errors === undefined ? [] : ['errors'])];
}

/** Each names its place: a pointer, a parameter or a header, or in its text the path, the query or the request itself. */
function faultsOfErrors(errors: unknown): readonly string[] {
  if (!Array.isArray(errors) || errors.length === 0) return ['no errors'];
  return errors.flatMap(({ pointer, parameter, header, detail }: Record<string, unknown>) => {
    const place = pointer ?? parameter ?? header;
    const isNamed = typeof place === 'string' || /^The (?:path|query|request) /.test(String(detail));
    return isNamed && typeof detail === 'string' ? [] : [`the error ${JSON.stringify({ place, detail })}`];
  });
}

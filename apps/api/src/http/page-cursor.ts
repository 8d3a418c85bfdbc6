import { z } from 'zod';
import { InvalidRequestError } from './invalid-request-error.ts';

/** Longest cursor taken: one that holds an object key of 1024 bytes fits. */
const maxCursorChars = 4_096;

/** Encodes where the next page begins. Clients must not read anything into it. */
export function encodeCursor(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * Decodes what `encodeCursor` made.
 * @throws InvalidRequestError naming `cursor` when it is not one of ours.
 */
export function decodeCursor<T>(cursor: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url')));
  if (result.success) return result.data;
  throw new InvalidRequestError([
    { parameter: 'cursor', detail: 'cursor: is not one that this list gave. Leave it out to begin anew.' },
  ]);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Query parameters of a list. */
export const pageQuery = {
  cursor: z.string().min(1).max(maxCursorChars).optional().describe('`nextCursor` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('Most items on the page.'),
};

/** Which page of a list that is ordered by id. */
export interface PageRequest {
  /** The id after which the page begins. @default the beginning */
  readonly after?: string | undefined;
  /** Most items, at least 1. */
  readonly limit: number;
}

/** No id comes before it. */
export const beforeEveryId = '00000000-0000-0000-0000-000000000000';

export interface Page<T> {
  readonly items: readonly T[];
  /** `after` of the next page; undefined on the last one. */
  readonly next?: string | undefined;
}

const idCursor = z.strictObject({ after: z.uuid() });

/** The page a request asks for, of a list that is ordered by id. */
export function toPageRequest(query: { readonly cursor?: string | undefined; readonly limit: number }): PageRequest {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, idCursor).after;
  return { after, limit: query.limit };
}

/** Makes a page of the rows that a query with one more than `limit` found. */
export function toPage<T extends { readonly id: string }>(found: readonly T[], limit: number): Page<T> {
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? items.at(-1)?.id : undefined };
}

/** Shape of a page in a response. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; nextCursor: z.ZodOptional<z.ZodString> }> {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().optional().describe('Send it as `cursor` for the next page; missing on the last one.'),
  });
}

/** A page as it is answered. */
export function toPageResponse<T, R>(page: Page<T>, toResponse: (item: T) => R): { items: R[]; nextCursor?: string } {
  const items = page.items.map(toResponse);
  return page.next === undefined ? { items } : { items, nextCursor: encodeCursor({ after: page.next }) };
}

import type { IncomingHttpHeaders } from 'node:http';
import { parseHttpDate } from './http-date.ts';
import { InvalidRequestError } from './invalid-request-error.ts';

/** A validator in quotes, as RFC 9110 §8.8.3 wants it. */
export function toEtag(versionId: string): string {
  return `"${versionId}"`;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Etag {
  readonly weak: boolean;
  /** Without the quotes. */
  readonly tag: string;
}

type ConditionHeader = 'if-match' | 'if-none-match';

/** One element of a list with what ends it. A tag may have commas in it, and a list empty elements (RFC 9110 §5.6.1.2). */
const listElement = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*)?(?:,|$)/y;

/** `*`, or a list of entity tags (RFC 9110 §8.8.3, §13.1.1); undefined when the header is missing. */
function parseEtags(headers: IncomingHttpHeaders, header: ConditionHeader): readonly Etag[] | '*' | undefined {
  const value = headers[header]?.trim();
  if (value === undefined || value === '*') return value;
  const etags: Etag[] = [];
  listElement.lastIndex = 0;
  while (listElement.lastIndex < value.length) {
    const [element, weak, tag] = listElement.exec(value) ?? [];
    if (element === undefined)
      throw malformed(header, `${header} must be * or a list of entity tags in double quotes.`);
    if (tag !== undefined) etags.push({ weak: weak !== undefined, tag });
  }
  if (etags.length === 0) throw malformed(header, `${header} must be * or a list of entity tags in double quotes.`);
  return etags;
}

function malformed(header: string, detail: string): InvalidRequestError {
  return new InvalidRequestError([{ header, detail }]);
}

export interface Validators {
  readonly versionId: string;
  readonly modifiedAt: Date;
}

/**
 * What a read's conditions make of it, in the order of RFC 9110 §13.2.2. Dates are compared by the second, and a
 * malformed one is ignored, as §13.1.3 demands.
 * @throws InvalidRequestError for malformed entity tags
 */
export function evaluateRead(headers: IncomingHttpHeaders, current: Validators): 'proceed' | 'not-modified' | 'failed' {
  const ifMatch = parseEtags(headers, 'if-match');
  const ifNoneMatch = parseEtags(headers, 'if-none-match');
  if (ifMatch !== undefined ? !matchesStrongly(ifMatch, current) : isAfter(current, headers['if-unmodified-since'])) {
    return 'failed';
  }
  if (ifNoneMatch !== undefined) return matchesWeakly(ifNoneMatch, current) ? 'not-modified' : 'proceed';
  return isAfter(current, headers['if-modified-since']) === false ? 'not-modified' : 'proceed';
}

/** The parts of a write's condition that its headers can express. */
export interface ParsedWriteCondition {
  readonly ifAbsent?: true;
  readonly ifExists?: true;
  readonly ifMatch?: readonly string[];
}

/**
 * The conditions of a write. Versions that cannot exist can match none.
 * @throws InvalidRequestError
 */
export function parseWriteCondition(headers: IncomingHttpHeaders): ParsedWriteCondition {
  const ifMatch = parseEtags(headers, 'if-match');
  const ifNoneMatch = parseEtags(headers, 'if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw malformed('if-none-match', 'if-none-match of a write can only be *.');
  }
  if (headers['if-unmodified-since'] !== undefined && ifMatch === undefined) {
    // Ignored it would let the client overwrite what it asked to keep, and seconds are too coarse to compare.
    throw malformed('if-unmodified-since', 'if-unmodified-since does not work for writes: send if-match.');
  }
  return {
    ...(ifNoneMatch !== undefined && { ifAbsent: true }),
    ...(ifMatch === '*' && { ifExists: true }),
    ...(typeof ifMatch === 'object' && { ifMatch: strongTags(ifMatch).filter((tag) => uuid.test(tag)) }),
  };
}

/**
 * Whether a range still applies (RFC 9110 §13.1.5): only with the strong entity tag. Two versions can have one date, so
 * that it is a weak validator (§8.8.2.2) and the whole is answered.
 */
export function rangeStillApplies(ifRange: string | undefined, { versionId }: Validators): boolean {
  return ifRange === undefined || ifRange === toEtag(versionId);
}

/** RFC 9110 §13.1.1: If-Match compares strongly, so that a weak tag matches nothing. */
function matchesStrongly(etags: readonly Etag[] | '*', { versionId }: Validators): boolean {
  return etags === '*' || strongTags(etags).includes(versionId);
}

/** RFC 9110 §13.1.2. */
function matchesWeakly(etags: readonly Etag[] | '*', { versionId }: Validators): boolean {
  return etags === '*' || etags.some(({ tag }) => tag === versionId);
}

function strongTags(etags: readonly Etag[]): string[] {
  return etags.filter(({ weak }) => !weak).map(({ tag }) => tag);
}

/** Undefined when there is no such date. */
function isAfter({ modifiedAt }: Validators, date: string | undefined): boolean | undefined {
  const time = date === undefined ? undefined : parseHttpDate(date);
  return time === undefined ? undefined : toSeconds(modifiedAt) > time;
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}

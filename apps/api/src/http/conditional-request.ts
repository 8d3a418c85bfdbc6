import type { IncomingHttpHeaders } from 'node:http';
import { InvalidRequestError } from './invalid-request-error.ts';

/** A validator in quotes, as RFC 9110 §8.8.3 wants it. */
export function toEtag(versionId: string): string {
  return `"${versionId}"`;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface EtagList {
  readonly any: boolean;
  /** The opaque tags, without quotes and weakness. */
  readonly tags: readonly string[];
}

/** `*`, or a list of entity tags (RFC 9110 §13.1.1). */
function parseEtags(header: 'if-match' | 'if-none-match', value: string): EtagList {
  if (value.trim() === '*') return { any: true, tags: [] };
  const elements = value.split(',').map((element) => /^(?:W\/)?"([\x21\x23-\x7e]*)"$/.exec(element.trim())?.[1]);
  if (elements.some((tag) => tag === undefined)) {
    throw new InvalidRequestError([
      { header, detail: `${header} must be * or a list of entity tags in double quotes.` },
    ]);
  }
  return { any: false, tags: elements.filter((tag) => tag !== undefined) };
}

export interface Validators {
  readonly versionId: string;
  readonly modifiedAt: Date;
}

/**
 * What a read's conditions make of it, in the order of RFC 9110 §13.2.2. Dates are compared by the second, and a
 * malformed one is ignored, as §13.1.3 demands.
 */
export function evaluateRead(headers: IncomingHttpHeaders, current: Validators): 'proceed' | 'not-modified' | 'failed' {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch !== undefined) {
    if (!matches(parseEtags('if-match', ifMatch), current)) return 'failed';
  } else if (isAfter(current.modifiedAt, headers['if-unmodified-since'])) {
    return 'failed';
  }
  if (ifNoneMatch !== undefined) {
    return matches(parseEtags('if-none-match', ifNoneMatch), current) ? 'not-modified' : 'proceed';
  }
  const since = headers['if-modified-since'];
  return isDate(since) && !isAfter(current.modifiedAt, since) ? 'not-modified' : 'proceed';
}

/** The conditions of a write. Versions that cannot exist can match none. */
export function parseWriteCondition(headers: IncomingHttpHeaders): {
  ifAbsent?: true;
  ifExists?: true;
  ifMatch?: readonly string[];
} {
  const ifMatch = headers['if-match'] === undefined ? undefined : parseEtags('if-match', headers['if-match']);
  const ifNoneMatch =
    headers['if-none-match'] === undefined ? undefined : parseEtags('if-none-match', headers['if-none-match']);
  if (ifNoneMatch !== undefined && !ifNoneMatch.any) {
    throw new InvalidRequestError([{ header: 'if-none-match', detail: 'if-none-match of a write can only be *.' }]);
  }
  return {
    ...(ifNoneMatch !== undefined && { ifAbsent: true }),
    ...(ifMatch?.any === true && { ifExists: true }),
    ...(ifMatch?.any === false && { ifMatch: ifMatch.tags.filter((tag) => uuid.test(tag)) }),
  };
}

/** Whether a range still applies (RFC 9110 §13.1.5): a strong entity tag or the exact date. */
export function rangeStillApplies(ifRange: string | undefined, current: Validators): boolean {
  if (ifRange === undefined) return true;
  if (ifRange.startsWith('"')) return ifRange === toEtag(current.versionId);
  return isDate(ifRange) && Date.parse(ifRange) === toSeconds(current.modifiedAt);
}

function matches({ any, tags }: EtagList, { versionId }: Validators): boolean {
  return any || tags.includes(versionId);
}

function isAfter(modifiedAt: Date, date: string | undefined): boolean {
  return isDate(date) && toSeconds(modifiedAt) > Date.parse(date);
}

function isDate(value: string | undefined): value is string {
  return value !== undefined && !Number.isNaN(Date.parse(value));
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}

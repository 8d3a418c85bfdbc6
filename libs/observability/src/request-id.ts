import { randomUUID } from 'node:crypto';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
/** W3C Trace Context, section 3.2: version, trace-id, parent-id, trace-flags; later versions may append fields. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const XRAY_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i;
const MAX_HEADER_LENGTH = 512;

/** A header's value as Node gives it: an array where it came more than once. */
export type HeaderValue = string | readonly string[] | undefined;

/** The caller's position in a trace. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the caller's span. */
  readonly parentId: string;
  /** Whether the caller records this trace. */
  readonly sampled: boolean;
}

/**
 * The id of a request: the client's `X-Request-Id` if it is one value of 1 to 128 letters, digits, `.`, `_` and `-`, so that
 * it can stand in logs and headers as it is; else a new UUID.
 */
export function requestId(incoming: HeaderValue, newId: () => string = randomUUID): string {
  return typeof incoming === 'string' && REQUEST_ID.test(incoming) ? incoming : newId();
}

/** A `traceparent` header (W3C Trace Context, section 3.2); undefined where the standard says to ignore it. */
export function parseTraceParent(header: HeaderValue): TraceParent | undefined {
  if (typeof header !== 'string' || header.length > MAX_HEADER_LENGTH) return undefined;
  const [, version, traceId, parentId, flags, rest] = TRACEPARENT.exec(header.trim()) ?? [];
  if (version === undefined || traceId === undefined || parentId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/**
 * The trace id in the `X-Amzn-Trace-Id` header that an Application Load Balancer adds (AWS, "Request tracing for your
 * Application Load Balancer"): `Root=1-67891233-abcdef012345678912345678`, with or without `Self`, `Parent` and `Sampled`.
 */
export function parseAlbTraceId(header: HeaderValue): string | undefined {
  if (typeof header !== 'string' || header.length > MAX_HEADER_LENGTH) return undefined;
  const fields = header.split(';').map((field) => field.trim());
  const root = fields.find((field) => field.startsWith('Root='))?.slice('Root='.length);
  return root !== undefined && XRAY_ID.test(root) ? root : undefined;
}

/**
 * A W3C trace id in the form that the X-Ray console and its filters show: `1-` 8 digits `-` 24 digits. X-Ray takes ids of
 * either origin, so no generator of its own is needed.
 */
export function toXRayTraceId(traceId: string): string {
  return `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
}

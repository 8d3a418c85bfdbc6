import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import contentDispositionHeader from 'content-disposition';
import { toEtag } from '../http/conditional-request.ts';
import { toReprDigest } from '../http/content-digest.ts';
import { InvalidRequestError, type RequestFault } from '../http/invalid-request-error.ts';
import { decodePercent } from '../http/request-text.ts';
import { isShownInline, unknownMediaType } from './media-type.ts';
import { attributeFaults } from './object-schemas.ts';
import type { ObjectAttributes, StoredObject } from './stored-object.ts';

/** Headers with this beginning are the client's own metadata; values are percent-encoded UTF-8. */
export const metadataHeaderPrefix = 'stowage-meta-';

/**
 * What a client says of an object in its headers.
 * @throws InvalidRequestError
 */
export function parseObjectHeaders(headers: IncomingHttpHeaders): ObjectAttributes {
  const faults: RequestFault[] = [];
  const attributes = {
    contentType: headers['content-type'] ?? unknownMediaType,
    contentDisposition: headers['content-disposition'],
    cacheControl: headers['cache-control'],
    metadata: parseMetadata(headers, faults),
  };
  faults.push(...attributeFaults(attributes).map(({ path, detail }) => ({ header: toHeaderName(path), detail })));
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return attributes;
}

function toHeaderName(path: readonly PropertyKey[]): string {
  const [field, name] = path.map(String);
  if (field === 'metadata' && name !== undefined) return `${metadataHeaderPrefix}${name}`;
  return (
    { contentType: 'content-type', contentDisposition: 'content-disposition', cacheControl: 'cache-control' }[
      field ?? ''
    ] ?? `${metadataHeaderPrefix}*`
  );
}

function parseMetadata(headers: IncomingHttpHeaders, faults: RequestFault[]): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(metadataHeaderPrefix) || typeof value !== 'string') continue;
    // Node reads bytes beyond ASCII as ISO-8859-1, which they seldom are.
    const text = /[^\t\x20-\x7e]/.test(value) ? undefined : decodePercent(value);
    if (text === undefined) faults.push({ header, detail: `${header} is not valid percent-encoded UTF-8.` });
    else metadata[header.slice(metadataHeaderPrefix.length)] = text;
  }
  return metadata;
}

/** The headers every answer about an object has, with its content or without. */
export function setObjectHeaders(res: ServerResponse, object: StoredObject, audience: 'private' | 'public'): void {
  res.setHeader('ETag', toEtag(object.versionId));
  res.setHeader('Last-Modified', object.modifiedAt.toUTCString());
  res.setHeader('Accept-Ranges', 'bytes');
  res.setHeader('Cache-Control', object.cacheControl ?? `${audience}, no-cache`);
  res.setHeader('Repr-Digest', toReprDigest(object.sha256));
  res.setHeader('Stowage-Version-Id', object.versionId);
  if (audience === 'public') res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  const isShared = res.hasHeader('Access-Control-Expose-Headers');
  for (const [name, value] of Object.entries(object.metadata)) {
    res.setHeader(metadataHeaderPrefix + name, encodeURIComponent(value));
    // With credentials there is no `*` for all of them.
    if (isShared) res.appendHeader('Access-Control-Expose-Headers', metadataHeaderPrefix + name);
  }
}

/** How a browser is to treat the content. Whatever could run in our origin is a download, and nothing in it may run. */
export function setContentHeaders(res: ServerResponse, object: StoredObject): void {
  res.setHeader('Content-Type', object.contentType);
  res.setHeader('Content-Disposition', toContentDisposition(object));
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
}

export function toContentDisposition({ key, contentType, contentDisposition }: StoredObject): string {
  const safeType = isShownInline(contentType) ? 'inline' : 'attachment';
  const wanted = contentDisposition === undefined ? undefined : contentDispositionHeader.parse(contentDisposition);
  const names = [wanted?.parameters.filename, key.split('/').findLast((segment) => segment !== '')];
  const filename = names.find((name) => name !== undefined && name !== '') ?? 'download';
  // Without a fallback in ASCII the package sends ISO-8859-1 as it is, which S3 and browsers take for UTF-8.
  const fallback = filename.replaceAll(/[^\x20-\x7e]/gu, '?');
  return contentDispositionHeader(filename, {
    type: wanted?.type === 'attachment' ? 'attachment' : safeType,
    fallback,
  });
}

import contentDispositionHeader from 'content-disposition';
import { z } from 'zod';
import { toEtag } from '../http/conditional-request.ts';
import { pageQuery } from '../http/page-cursor.ts';
import { keyPrefixFault, objectKeyFault } from './object-key.ts';
import type { ListedPage } from './list-objects.ts';
import type { ObjectAttributes, StoredObject } from './stored-object.ts';

/** RFC 9110 §8.3.1 and §5.6.6: type, subtype and parameters; ASCII, as it becomes a header again. */
const mediaType =
  /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:[ \t]*;(?:[ \t]*[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~-]+|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"))?)*[ \t]*$/;
const headerText = /^[\x20-\x7e]*$/;
const mostMetadataBytes = 8 * 1024;

const key = z.string().superRefine((value, context) => {
  const fault = objectKeyFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

const contentType = z.string().max(255).regex(mediaType, 'must be a media type such as image/png');
const contentDisposition = z
  .string()
  .max(1_024)
  .regex(headerText, 'must be ASCII')
  .refine(isContentDisposition, 'must look like attachment; filename="report.pdf"');
const cacheControl = z.string().max(255).regex(headerText, 'must be ASCII');
const metadata = z
  .record(
    z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits and hyphens'),
    z.string().refine(isPlain, 'must be Unicode text without control characters'),
  )
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 entries')
  .refine(
    (value) => headerBytes(value) <= mostMetadataBytes,
    `must have at most ${mostMetadataBytes} bytes in all, names and percent-encoded values`,
  );

const attributes = z.object({
  contentType,
  contentDisposition: contentDisposition.optional(),
  cacheControl: cacheControl.optional(),
  metadata,
});

/** What is wrong with the attributes of an object, wherever they came from. */
export function attributeFaults(value: ObjectAttributes): readonly { path: readonly PropertyKey[]; detail: string }[] {
  const result = attributes.safeParse(value);
  return result.success
    ? []
    : result.error.issues.map((issue) => ({ path: issue.path, detail: `${issue.path.join('.')}: ${issue.message}.` }));
}

/** As headers: clients take only so many bytes of those, and must get back what they stored. */
function headerBytes(metadata: Readonly<Record<string, string>>): number {
  return Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + name.length + encodeURIComponent(value.toWellFormed()).length,
    0,
  );
}

function isPlain(value: string): boolean {
  return value.isWellFormed() && !/\p{Cc}/u.test(value);
}

function isContentDisposition(value: string): boolean {
  try {
    return ['inline', 'attachment'].includes(contentDispositionHeader.parse(value).type);
  } catch {
    return false;
  }
}

export const objectParams = z.object({ bucket: z.string(), key });

export const publicObjectParams = objectParams.extend({ accountId: z.string() });

export const objectQuery = z.strictObject({ versionId: z.uuid().optional() });

export const changeObjectRequest = z.strictObject({
  contentType: contentType.optional(),
  contentDisposition: contentDisposition.nullable().optional(),
  cacheControl: cacheControl.nullable().optional(),
  metadata: metadata.optional(),
});

const prefix = z.string().superRefine((value, context) => {
  const fault = keyPrefixFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

export const listObjectsParams = z.object({ bucket: z.string() });

export const listObjectsQuery = z
  .strictObject({
    prefix: prefix.default(''),
    delimiter: z
      .string()
      .regex(/^[\x20-\x7d]$/, 'must be one printable ASCII character')
      .optional(),
    order: z.enum(['name', 'newest', 'oldest']).default('name'),
    ...pageQuery,
  })
  .refine(({ order, prefix: given, delimiter }) => order === 'name' || (given === '' && delimiter === undefined), {
    path: ['order'],
    message: 'newest and oldest go through the whole bucket: without prefix and delimiter',
  });

const from = z
  .string()
  .min(1)
  .max(1_025)
  .refine((value) => value.isWellFormed() && !value.includes('\0'));
export const nameCursor = z.strictObject({ from });
export const timeCursor = z.strictObject({ modifiedAt: z.number().int().min(0).max(8.64e15), key: from });

export const objectResponse = z.object({
  key: z.string(),
  versionId: z.uuid(),
  etag: z.string(),
  sizeBytes: z.number().int(),
  sha256: z.string(),
  contentType: z.string(),
  contentDisposition: z.string().optional(),
  cacheControl: z.string().optional(),
  metadata: z.record(z.string(), z.string()),
  modifiedAt: z.iso.datetime(),
});

export const objectPageResponse = z.object({
  items: z.array(objectResponse),
  prefixes: z.array(z.string()),
  nextCursor: z.string().optional(),
});

export function toObjectResponse(object: StoredObject): z.input<typeof objectResponse> {
  return {
    key: object.key,
    versionId: object.versionId,
    etag: toEtag(object.versionId),
    sizeBytes: object.sizeBytes,
    sha256: object.sha256,
    contentType: object.contentType,
    contentDisposition: object.contentDisposition,
    cacheControl: object.cacheControl,
    metadata: object.metadata,
    modifiedAt: object.modifiedAt.toISOString(),
  };
}

export function toObjectPageResponse(page: ListedPage): z.input<typeof objectPageResponse> {
  return {
    items: page.entries.flatMap((entry) => (entry.kind === 'object' ? [toObjectResponse(entry.object)] : [])),
    prefixes: page.entries.flatMap((entry) => (entry.kind === 'prefix' ? [entry.prefix] : [])),
  };
}

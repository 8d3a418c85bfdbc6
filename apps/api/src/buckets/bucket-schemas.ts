import { z } from 'zod';
import { pageOf, pageQuery } from '../http/page-cursor.ts';
import { defaultRetentionDays, isBucketName, type Bucket } from './bucket.ts';

const bucketName = z
  .string()
  .refine(isBucketName, 'must be 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends');

const maxObjectBytes = z
  .number()
  .int()
  .positive()
  .max(5 * 1024 ** 4);
const contentTypes = z
  .array(
    z
      .string()
      .max(127)
      .regex(/^[a-z0-9!#$&^_.+-]+\/(?:\*|[a-z0-9!#$&^_.+-]+)$/, 'must be a media type such as image/png or image/*'),
  )
  .min(1)
  .max(50);
const retentionDays = z.number().int().min(0).max(3_650);
const grantRole = z.enum(['reader', 'writer', 'manager']);

/** The path of a bucket. A name that no bucket can have is answered like one that no bucket has. */
export const bucketParams = z.object({ bucket: z.string() });

export const grantParams = bucketParams.extend({ userId: z.uuid() });

export const createBucketRequest = z.strictObject({
  name: bucketName,
  maxObjectBytes: maxObjectBytes.optional(),
  contentTypes: contentTypes.optional(),
  retentionDays: retentionDays.default(defaultRetentionDays),
  publicRead: z.boolean().default(false),
});

/** `null` takes a limit away; a field that is left out stays as it is. */
export const changeBucketRequest = z.strictObject({
  name: bucketName.optional(),
  maxObjectBytes: maxObjectBytes.nullable().optional(),
  contentTypes: contentTypes.nullable().optional(),
  retentionDays: retentionDays.optional(),
  publicRead: z.boolean().optional(),
});

export const listBucketsQuery = z.strictObject(pageQuery);

export const bucketPageCursor = z.strictObject({ afterName: bucketName });

export const deleteBucketQuery = z.strictObject({
  force: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true'),
});

export const putGrantRequest = z.strictObject({ role: grantRole });

export const bucketResponse = z.object({
  id: z.uuid(),
  name: z.string(),
  maxObjectBytes: z.number().int().optional(),
  contentTypes: z.array(z.string()).optional(),
  retentionDays: z.number().int(),
  publicRead: z.boolean(),
  createdAt: z.iso.datetime(),
});

export const bucketPageResponse = pageOf(bucketResponse);

const grantResponse = z.object({ userId: z.uuid(), role: grantRole });

export const grantListResponse = z.object({ items: z.array(grantResponse) });

export function toBucketResponse(bucket: Bucket): z.input<typeof bucketResponse> {
  return {
    id: bucket.id,
    name: bucket.name,
    maxObjectBytes: bucket.maxObjectBytes,
    contentTypes: bucket.contentTypes && [...bucket.contentTypes],
    retentionDays: bucket.retentionDays,
    publicRead: bucket.publicRead,
    createdAt: bucket.createdAt.toISOString(),
  };
}

export function toGrantListResponse(bucket: Bucket): z.input<typeof grantListResponse> {
  return { items: Object.entries(bucket.grants).map(([userId, role]) => ({ userId, role })) };
}

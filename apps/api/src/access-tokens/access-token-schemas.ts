import { z } from 'zod';
import { pageOf, pageQuery } from '../http/page-cursor.ts';
import { id, plainText } from '../http/request-text.ts';
import type { AccessToken } from './access-token.ts';
import type { NewAccessToken } from './access-token-service.ts';

const scope = z.enum(['read', 'write', 'admin']);

export const createAccessTokenRequest = z.strictObject({
  name: plainText(100),
  scopes: z.array(scope).min(1).max(3).describe('`admin` includes `write`, `write` includes `read`.'),
  bucket: z.string().min(1).max(100).optional().describe('Name of the only bucket it may touch.'),
  expiresAt: z.iso
    .datetime({ offset: true })
    .refine((text) => !(new Date(text).getUTCFullYear() > 9999), 'must be before the year 10000')
    .optional()
    .describe('Without it the token holds until it is revoked, or ends with the one it is made with.'),
});

export const accessTokenParams = z.object({ tokenId: id });

export const listAccessTokensQuery = z.strictObject({
  ...pageQuery,
  all: z.enum(['true', 'false']).default('false').describe("`true`: the whole account's, for owners and admins."),
});

export const accessTokenResponse = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  name: z.string(),
  scopes: z.array(scope),
  bucket: z.string().optional().describe('Name of the only bucket it may touch.'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
});

export const createdAccessTokenResponse = accessTokenResponse.extend({
  token: z.string().describe('The secret, to be sent as `Authorization: Bearer TOKEN`; shown this once.'),
});

export const accessTokenPageResponse = pageOf(accessTokenResponse);

export function toNewAccessToken(request: z.output<typeof createAccessTokenRequest>): NewAccessToken {
  const { name, scopes, bucket, expiresAt } = request;
  const expiry = expiresAt === undefined ? undefined : new Date(expiresAt);
  return { name, scopes: [...new Set(scopes)], bucket, expiresAt: expiry };
}

export function toAccessTokenResponse(token: AccessToken): z.output<typeof accessTokenResponse> {
  const { id, userId, name, scopes, bucket, createdAt, expiresAt } = token;
  return {
    ...{ id, userId, name, scopes: [...scopes], createdAt: createdAt.toISOString() },
    ...(bucket !== undefined && { bucket: bucket.name }),
    ...(expiresAt !== undefined && { expiresAt: expiresAt.toISOString() }),
  };
}

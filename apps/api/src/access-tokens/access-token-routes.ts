import { toPageRequest, toPageResponse } from '../http/page-cursor.ts';
import { currentPrincipal } from '../http/principal.ts';
import { route, type Route } from '../http/route.ts';
import {
  accessTokenPageResponse,
  accessTokenParams,
  createAccessTokenRequest,
  createdAccessTokenResponse,
  listAccessTokensQuery,
  toAccessTokenResponse,
  toNewAccessToken,
} from './access-token-schemas.ts';
import type { AccessTokenService } from './access-token-service.ts';

const tag = 'access tokens';

export function accessTokenRoutes(service: AccessTokenService): readonly Route[] {
  return [createAccessToken(service), listAccessTokens(service), revokeAccessToken(service)];
}

function createAccessToken(service: AccessTokenService): Route {
  return route({
    method: 'post',
    path: '/v1/access-tokens',
    operationId: 'createAccessToken',
    tag,
    summary: 'Create an access token of yours',
    description: 'It may do no more than your role allows, nor more than the credential it is made with.',
    access: 'admin',
    idempotent: true,
    request: { body: createAccessTokenRequest },
    responses: { 201: { description: 'The token with its secret.', body: createdAccessTokenResponse } },
    problems: ['user-forbidden', 'bucket-not-found'],
    handle: async ({ body }, { res }) => {
      const { accessToken, token } = await service.createToken(currentPrincipal(res), toNewAccessToken(body));
      res.status(201).json({ ...toAccessTokenResponse(accessToken), token });
    },
  });
}

function listAccessTokens(service: AccessTokenService): Route {
  return route({
    method: 'get',
    path: '/v1/access-tokens',
    operationId: 'listAccessTokens',
    tag,
    summary: 'List access tokens',
    access: 'admin',
    request: { query: listAccessTokensQuery },
    responses: { 200: { description: 'A page without the secrets, oldest first.', body: accessTokenPageResponse } },
    problems: ['user-forbidden'],
    handle: async ({ query }, { res }) => {
      const all = query.all === 'true';
      const page = await service.listTokens(currentPrincipal(res), { all }, toPageRequest(query));
      res.json(toPageResponse(page, toAccessTokenResponse));
    },
  });
}

function revokeAccessToken(service: AccessTokenService): Route {
  return route({
    method: 'delete',
    path: '/v1/access-tokens/:tokenId',
    operationId: 'revokeAccessToken',
    tag,
    summary: 'Revoke an access token',
    description: "Your own; owners and admins any of the account's.",
    access: 'admin',
    request: { params: accessTokenParams },
    responses: { 204: { description: 'Revoked; no process takes it any more.' } },
    problems: ['access-token-not-found'],
    handle: async ({ params }, { res }) => {
      await service.revokeToken(currentPrincipal(res), params.tokenId);
      res.status(204).end();
    },
  });
}

import { toPageRequest, toPageResponse } from '../http/page-cursor.ts';
import { currentPrincipal } from '../http/principal.ts';
import { route, type Route } from '../http/route.ts';
import { toUserResponse, userResponse } from './user-response.ts';
import {
  changePasswordRequest,
  changeRoleRequest,
  listUsersQuery,
  userPageResponse,
  userParams,
} from './user-schemas.ts';
import type { UserService } from './user-service.ts';

const tag = 'users';

export function userRoutes(service: UserService): readonly Route[] {
  return [...ownRoutes(service), ...readingRoutes(service), ...changingRoutes(service)];
}

/** Mounted first: `me` is no user id. */
function ownRoutes(service: UserService): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/users/me',
      operationId: 'getOwnUser',
      tag,
      summary: 'Read who you are',
      access: 'read',
      request: {},
      responses: { 200: { description: 'The user the credential stands for.', body: userResponse } },
      problems: [],
      handle: async (_input, { res }) => {
        const caller = currentPrincipal(res);
        res.json(toUserResponse(await service.getUser(caller, caller.userId)));
      },
    }),
    route({
      method: 'put',
      path: '/v1/users/me/password',
      operationId: 'changePassword',
      tag,
      summary: 'Change your password',
      description: 'Takes a session, no access token. Every other session of yours ends; access tokens stay.',
      access: 'admin',
      rateLimit: 'sign-in',
      request: { body: changePasswordRequest },
      responses: { 204: { description: 'Changed.' } },
      problems: ['user-forbidden', 'wrong-password'],
      handle: async ({ body }, { res }) => {
        await service.changePassword(currentPrincipal(res), body);
        res.status(204).end();
      },
    }),
  ];
}

function readingRoutes(service: UserService): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/users',
      operationId: 'listUsers',
      tag,
      summary: "List the account's users",
      description: 'For owners and admins.',
      access: 'admin',
      request: { query: listUsersQuery },
      responses: { 200: { description: 'A page of users, oldest first.', body: userPageResponse } },
      problems: ['user-forbidden'],
      handle: async ({ query }, { res }) => {
        res.json(toPageResponse(await service.listUsers(currentPrincipal(res), toPageRequest(query)), toUserResponse));
      },
    }),
    route({
      method: 'get',
      path: '/v1/users/:userId',
      operationId: 'getUser',
      tag,
      summary: 'Read a user',
      description: 'Members see themselves only.',
      access: 'admin',
      request: { params: userParams },
      responses: { 200: { description: 'The user.', body: userResponse } },
      problems: ['user-not-found'],
      handle: async ({ params }, { res }) => {
        res.json(toUserResponse(await service.getUser(currentPrincipal(res), params.userId)));
      },
    }),
  ];
}

function changingRoutes(service: UserService): readonly Route[] {
  return [
    route({
      method: 'patch',
      path: '/v1/users/:userId',
      operationId: 'changeRole',
      tag,
      summary: "Change a user's role",
      description:
        "Only owners make or unmake owners. The user's sessions end; its access tokens have the new role at once.",
      access: 'admin',
      request: { params: userParams, body: changeRoleRequest },
      responses: { 200: { description: 'The user with its new role.', body: userResponse } },
      problems: ['user-not-found', 'user-forbidden', 'last-owner'],
      handle: async ({ params, body }, { res }) => {
        res.json(toUserResponse(await service.changeRole(currentPrincipal(res), params.userId, body.role)));
      },
    }),
    route({
      method: 'delete',
      path: '/v1/users/:userId',
      operationId: 'removeUser',
      tag,
      summary: 'Remove a user',
      description: 'Its sessions and access tokens end at once, its grants go; what it stored stays.',
      access: 'admin',
      request: { params: userParams },
      responses: { 204: { description: 'Removed.' } },
      problems: ['user-not-found', 'user-forbidden', 'last-owner'],
      handle: async ({ params }, { res }) => {
        await service.removeUser(currentPrincipal(res), params.userId);
        res.status(204).end();
      },
    }),
  ];
}

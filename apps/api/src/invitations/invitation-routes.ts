import { toPageRequest, toPageResponse } from '../http/page-cursor.ts';
import { currentPrincipal } from '../http/principal.ts';
import { route, type Route } from '../http/route.ts';
import { toUserResponse, userResponse } from '../users/user-response.ts';
import {
  acceptInvitationRequest,
  invitationPageResponse,
  invitationParams,
  inviteRequest,
  inviteResponse,
  listInvitationsQuery,
  toInvitationResponse,
} from './invitation-schemas.ts';
import type { InvitationService } from './invitation-service.ts';

const tag = 'invitations';

export function invitationRoutes(service: InvitationService): readonly Route[] {
  return [acceptInvitation(service), invite(service), listInvitations(service), withdrawInvitation(service)];
}

function acceptInvitation(service: InvitationService): Route {
  return route({
    method: 'post',
    path: '/v1/invitations/accept',
    operationId: 'acceptInvitation',
    tag,
    summary: 'Accept an invitation',
    description: 'Makes the user, with the address and the role of the invitation. POST /v1/sessions signs it in.',
    access: 'anonymous',
    rateLimit: 'sign-in',
    idempotent: true,
    request: { body: acceptInvitationRequest },
    responses: { 201: { description: 'The new user.', body: userResponse } },
    problems: ['invitation-not-found', 'sign-up-closed', 'email-taken'],
    handle: async ({ body }, { res }) => {
      res.status(201).json(toUserResponse(await service.accept(body)));
    },
  });
}

function invite(service: InvitationService): Route {
  return route({
    method: 'post',
    path: '/v1/invitations',
    operationId: 'inviteUser',
    tag,
    summary: 'Invite a user into your account',
    description: 'For owners and admins. Nothing is sent: hand the token to the invited yourself. It holds for 7 days.',
    access: 'admin',
    idempotent: true,
    request: { body: inviteRequest },
    responses: { 201: { description: 'The invitation and its token.', body: inviteResponse } },
    problems: ['user-forbidden', 'sign-up-closed', 'email-taken'],
    handle: async ({ body }, { res }) => {
      const { invitation, token } = await service.invite(currentPrincipal(res), body);
      res.status(201).json({ ...toInvitationResponse(invitation), token });
    },
  });
}

function listInvitations(service: InvitationService): Route {
  return route({
    method: 'get',
    path: '/v1/invitations',
    operationId: 'listInvitations',
    tag,
    summary: 'List the open invitations of your account',
    description: 'For owners and admins.',
    access: 'admin',
    request: { query: listInvitationsQuery },
    responses: { 200: { description: 'A page, oldest first.', body: invitationPageResponse } },
    problems: ['user-forbidden'],
    handle: async ({ query }, { res }) => {
      const page = await service.listInvitations(currentPrincipal(res), toPageRequest(query));
      res.json(toPageResponse(page, toInvitationResponse));
    },
  });
}

function withdrawInvitation(service: InvitationService): Route {
  return route({
    method: 'delete',
    path: '/v1/invitations/:invitationId',
    operationId: 'withdrawInvitation',
    tag,
    summary: 'Withdraw an invitation',
    description: 'For owners and admins.',
    access: 'admin',
    request: { params: invitationParams },
    responses: { 204: { description: 'Withdrawn; its token lets nobody in.' } },
    problems: ['invitation-not-found'],
    handle: async ({ params }, { res }) => {
      await service.withdraw(currentPrincipal(res), params.invitationId);
      res.status(204).end();
    },
  });
}

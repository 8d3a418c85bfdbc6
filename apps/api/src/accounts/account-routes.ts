import { currentPrincipal } from '../http/principal.ts';
import { route, type Route } from '../http/route.ts';
import {
  accountResponse,
  signUpRequest,
  signUpResponse,
  toAccountResponse,
  toSignUpResponse,
} from './account-schemas.ts';
import type { AccountService } from './account-service.ts';

const tag = 'accounts';

export function accountRoutes(service: AccountService): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/accounts',
      operationId: 'signUp',
      tag,
      summary: 'Sign up: make an account and its owner',
      description:
        'Open while the installation takes new accounts. The owner is not signed in by it; POST /v1/sessions does that.',
      access: 'anonymous',
      rateLimit: 'sign-in',
      idempotent: true,
      request: { body: signUpRequest },
      responses: { 201: { description: 'The account and its owner.', body: signUpResponse } },
      problems: ['sign-up-closed', 'email-taken'],
      handle: async ({ body }, { res }) => {
        res.status(201).json(toSignUpResponse(await service.signUp(body)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/account',
      operationId: 'getAccount',
      tag,
      summary: 'Read your account',
      access: 'read',
      request: {},
      responses: { 200: { description: 'The account.', body: accountResponse } },
      problems: [],
      handle: async (_input, { res }) => {
        res.json(toAccountResponse(await service.getAccount(currentPrincipal(res))));
      },
    }),
  ];
}

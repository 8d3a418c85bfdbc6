import { z } from 'zod';
import { pageOf, pageQuery } from '../http/page-cursor.ts';
import { emailAddress, id } from '../http/request-text.ts';
import { presentedPassword } from '../users/password.ts';
import { toUserResponse, userResponse } from '../users/user-response.ts';
import type { SignedIn } from './session-service.ts';
import type { Session } from './session.ts';

export const signInRequest = z.strictObject({ email: emailAddress, password: presentedPassword });
export const sessionParams = z.object({ sessionId: id });
export const listSessionsQuery = z.strictObject(pageQuery);

export const signInResponse = z.object({ id: z.uuid(), expiresAt: z.iso.datetime(), user: userResponse });

export const sessionResponse = z.object({
  id: z.uuid(),
  address: z.string().describe('The address you signed in from.'),
  userAgent: z.string(),
  current: z.boolean().describe('Whether this request uses it.'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

export const sessionPageResponse = pageOf(sessionResponse);

export function toSignInResponse({ session, user }: SignedIn): z.output<typeof signInResponse> {
  return { id: session.id, expiresAt: session.expiresAt.toISOString(), user: toUserResponse(user) };
}

export function toSessionResponse(session: Session, currentId: string): z.output<typeof sessionResponse> {
  const { id, address, userAgent, createdAt, expiresAt } = session;
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
  return { id, address, userAgent, current: id === currentId, ...times };
}

import { z } from 'zod';
import { pageOf, pageQuery } from '../http/page-cursor.ts';
import { emailAddress, id } from '../http/request-text.ts';
import { newPassword } from '../users/password.ts';
import type { Invitation } from './invitation.ts';

const invitedRole = z.enum(['admin', 'member']);

export const inviteRequest = z.strictObject({ email: emailAddress, role: invitedRole });
export const invitationParams = z.object({ invitationId: id });
export const listInvitationsQuery = z.strictObject(pageQuery);
export const acceptInvitationRequest = z.strictObject({ token: z.string().min(1).max(200), password: newPassword });

export const invitationResponse = z.object({
  id: z.uuid(),
  email: z.string(),
  role: invitedRole,
  invitedBy: z.uuid().optional().describe('Missing once that user was removed.'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

export const inviteResponse = invitationResponse.extend({
  token: z.string().describe('The secret to hand to the invited; shown this once.'),
});

export const invitationPageResponse = pageOf(invitationResponse);

export function toInvitationResponse(invitation: Invitation): z.output<typeof invitationResponse> {
  const { id, email, role, invitedBy, createdAt, expiresAt } = invitation;
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
  return { id, email, role, ...(invitedBy !== undefined && { invitedBy }), ...times };
}

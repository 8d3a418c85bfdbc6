import { z } from 'zod';
import type { User } from './user.ts';

export const role = z.enum(['owner', 'admin', 'member']);

/** Shape of a user wherever one is answered. */
export const userResponse = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  email: z.string(),
  role,
  createdAt: z.iso.datetime(),
});

export function toUserResponse({ id, accountId, email, role, createdAt }: User): z.output<typeof userResponse> {
  return { id, accountId, email, role, createdAt: createdAt.toISOString() };
}

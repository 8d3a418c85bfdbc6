import { z } from 'zod';
import { emailAddress, plainText } from '../http/request-text.ts';
import { newPassword } from '../users/password.ts';
import { toUserResponse, userResponse } from '../users/user-response.ts';
import type { User } from '../users/user.ts';
import type { Account } from './account.ts';

export const signUpRequest = z.strictObject({
  accountName: plainText(100),
  email: emailAddress,
  password: newPassword,
});

export const accountResponse = z.object({ id: z.uuid(), name: z.string(), createdAt: z.iso.datetime() });

export const signUpResponse = z.object({ account: accountResponse, user: userResponse });

export function toAccountResponse({ id, name, createdAt }: Account): z.output<typeof accountResponse> {
  return { id, name, createdAt: createdAt.toISOString() };
}

export function toSignUpResponse(signUp: {
  readonly account: Account;
  readonly user: User;
}): z.output<typeof signUpResponse> {
  return { account: toAccountResponse(signUp.account), user: toUserResponse(signUp.user) };
}

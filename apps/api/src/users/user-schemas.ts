import { z } from 'zod';
import { pageOf, pageQuery } from '../http/page-cursor.ts';
import { id } from '../http/request-text.ts';
import { newPassword, presentedPassword } from './password.ts';
import { role, userResponse } from './user-response.ts';

export const userParams = z.object({ userId: id });
export const listUsersQuery = z.strictObject(pageQuery);
export const changeRoleRequest = z.strictObject({ role });
export const changePasswordRequest = z.strictObject({ currentPassword: presentedPassword, newPassword });
export const userPageResponse = pageOf(userResponse);

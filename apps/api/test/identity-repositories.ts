import { randomUUID } from 'node:crypto';
import { v7 as newId } from 'uuid';
import type { AccessTokenRepository } from '../src/access-tokens/access-token-repository.ts';
import type { AccessToken } from '../src/access-tokens/access-token.ts';
import { MemoryAccessTokenRepository } from '../src/access-tokens/memory-access-token-repository.ts';
import type { AccountRepository } from '../src/accounts/account-repository.ts';
import { MemoryAccountRepository } from '../src/accounts/memory-account-repository.ts';
import { MemoryTables } from '../src/accounts/tables-in-memory.ts';
import type { InvitationRepository } from '../src/invitations/invitation-repository.ts';
import type { Invitation } from '../src/invitations/invitation.ts';
import { MemoryInvitationRepository } from '../src/invitations/memory-invitation-repository.ts';
import { MemorySessionRepository } from '../src/sessions/memory-session-repository.ts';
import { hashToken, newSecretToken } from '../src/sessions/secret-token.ts';
import type { SessionRepository } from '../src/sessions/session-repository.ts';
import type { Session } from '../src/sessions/session.ts';
import { MemoryUserRepository } from '../src/users/memory-user-repository.ts';
import type { UserRepository } from '../src/users/user-repository.ts';
import type { User } from '../src/users/user.ts';

/** The repositories of the identity features over one store; what their contracts run on. */
export interface IdentityRepositories extends AsyncDisposable {
  readonly accounts: AccountRepository;
  readonly users: UserRepository;
  readonly invitations: InvitationRepository;
  readonly sessions: SessionRepository;
  readonly accessTokens: AccessTokenRepository;
  givenBucket(accountId: string): Promise<{ readonly id: string; readonly name: string }>;
}

export async function openMemoryRepositories(): Promise<IdentityRepositories> {
  const tables = new MemoryTables();
  return {
    accounts: new MemoryAccountRepository(tables),
    users: new MemoryUserRepository(tables),
    invitations: new MemoryInvitationRepository(tables),
    sessions: new MemorySessionRepository(tables),
    accessTokens: new MemoryAccessTokenRepository(tables),
    givenBucket: async () => ({ id: newId(), name: 'photos' }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** When everything below was made; in the past, so that what expires later has not yet. */
export const madeAt = new Date('2026-01-02T03:04:05.678Z');
export const expiresAt = new Date('2026-01-03T00:00:00.000Z');
export const passwordHash = 'hash of the password';

/** The owner of a new account. */
export async function givenOwner({ accounts }: IdentityRepositories): Promise<User> {
  const account = { id: newId(), name: 'Ada & Co', createdAt: madeAt };
  const user: User = { id: newId(), accountId: account.id, email: newEmail(), role: 'owner', createdAt: madeAt };
  await accounts.insert(account, { user, passwordHash });
  return user;
}

/** A user who came by invitation and then got its role. */
export async function givenUser(
  repositories: IdentityRepositories,
  accountId: string,
  role: User['role'],
): Promise<User> {
  const { invitations, users } = repositories;
  const { tokenHash } = await givenInvitation(repositories, { accountId, role: 'member' });
  const user = await invitations.accept(tokenHash, { id: newId(), passwordHash, createdAt: madeAt });
  if (user === undefined) throw new Error('The invitation could not be accepted');
  return (await users.changeRole({ accountId, userId: user.id, role }, () => undefined)).user;
}

export async function givenInvitation(
  { invitations }: IdentityRepositories,
  fields: Pick<Invitation, 'accountId'> & Partial<Invitation>,
): Promise<{ invitation: Invitation; tokenHash: string }> {
  const invitation: Invitation = {
    id: newId(),
    email: newEmail(),
    role: 'member',
    createdAt: madeAt,
    expiresAt,
    ...fields,
  };
  const tokenHash = newTokenHash();
  await invitations.insert(invitation, tokenHash);
  return { invitation, tokenHash };
}

export async function givenSession(
  { sessions }: IdentityRepositories,
  user: User,
  fields: Partial<Session> = {},
): Promise<{ session: Session; tokenHash: string }> {
  const session: Session = {
    ...{ id: newId(), accountId: user.accountId, userId: user.id, address: '192.0.2.1', userAgent: 'test' },
    ...{ createdAt: madeAt, expiresAt, ...fields },
  };
  const tokenHash = newTokenHash();
  if (!(await sessions.insert(session, { tokenHash, passwordHash }))) throw new Error('The session was not stored');
  return { session, tokenHash };
}

export async function givenAccessToken(
  { accessTokens }: IdentityRepositories,
  user: User,
  fields: Partial<AccessToken> = {},
): Promise<{ token: AccessToken; tokenHash: string }> {
  const token: AccessToken = {
    ...{ id: newId(), accountId: user.accountId, userId: user.id, name: 'ci', scopes: ['read', 'write'] },
    ...{ createdAt: madeAt, ...fields },
  };
  const tokenHash = newTokenHash();
  if (!(await accessTokens.insert(token, tokenHash))) throw new Error('The access token was not stored');
  return { token, tokenHash };
}

export function newEmail(): string {
  return `${randomUUID()}@example.com`;
}

export function newTokenHash(): string {
  return hashToken(newSecretToken(''));
}

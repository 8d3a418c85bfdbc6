import { describe, expect, it } from '@jest/globals';
import type { Principal, Role } from '../http/principal.ts';
import { managesAccount, mayChangeRole, mayRemoveUser, maySeeUser } from './user-policy.ts';
import type { User } from './user.ts';

const roles = ['owner', 'admin', 'member'] as const;

function caller(role: Role, fields: Partial<Principal> = {}): Principal {
  const credential = { credential: 'session', credentialId: 's', scopes: ['admin'] } as const;
  return { accountId: 'a', userId: 'me', role, ...credential, ...fields };
}

function user(role: Role, fields: Partial<User> = {}): User {
  return { id: 'other', accountId: 'a', email: 'other@example.com', role, createdAt: new Date(0), ...fields };
}

describe('user policy', () => {
  it('lets owners do everything and admins everything but what concerns owners', () => {
    const changes = roles.flatMap((from) => roles.map((to) => ({ from, to })));
    expect(changes.every(({ from, to }) => mayChangeRole(caller('owner'), user(from), to))).toBe(true);
    expect(changes.filter(({ from, to }) => mayChangeRole(caller('admin'), user(from), to))).toEqual(
      changes.filter(({ from, to }) => from !== 'owner' && to !== 'owner'),
    );
    expect(changes.some(({ from, to }) => mayChangeRole(caller('member'), user(from), to))).toBe(false);
    expect(roles.map((role) => mayRemoveUser(caller('admin'), user(role)))).toEqual([false, true, true]);
    expect(roles.some((role) => mayRemoveUser(caller('member'), user(role)))).toBe(false);
  });

  it('lets members see themselves only, and nobody another account', () => {
    expect(maySeeUser(caller('member'), user('member', { id: 'me' }))).toBe(true);
    expect(maySeeUser(caller('member'), user('member'))).toBe(false);
    expect(maySeeUser(caller('admin'), user('owner'))).toBe(true);
    expect(maySeeUser(caller('owner'), user('member', { accountId: 'b' }))).toBe(false);
  });

  it('lets no credential of a single bucket manage the account, whoever has it', () => {
    const limited = caller('owner', { bucketId: 'bucket' });
    expect(managesAccount(limited)).toBe(false);
    expect(mayChangeRole(limited, user('member'), 'admin')).toBe(false);
    expect(maySeeUser(limited, user('member'))).toBe(false);
  });
});

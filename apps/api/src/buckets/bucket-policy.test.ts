import { describe, expect, it } from '@jest/globals';
import { accountId, givenPrincipal, userId } from '../../test/given-principal.ts';
import { BucketForbiddenError, BucketNotFoundError } from './bucket-errors.ts';
import { permit, roleIn } from './bucket-policy.ts';
import type { Bucket, GrantRole } from './bucket.ts';

const bucket: Bucket = {
  ...{ id: 'b', accountId, name: 'photos', createdAt: new Date(0), grants: {}, generation: 1 },
  ...{ retentionDays: 30, publicRead: true },
};
const granted = (role: GrantRole): Bucket => ({ ...bucket, grants: { [userId]: role } });
const member = givenPrincipal({ role: 'member' });

describe('permit', () => {
  it.each(['owner', 'admin'] as const)('lets an %s of the account manage every bucket', (role) => {
    expect(permit(bucket, givenPrincipal({ role }), 'manager')).toBe(bucket);
  });

  it.each([
    ['reader', ['reader']],
    ['writer', ['reader', 'writer']],
    ['manager', ['reader', 'writer', 'manager']],
  ] as const)('lets a member with the grant %s do %j', (role, allowed: readonly GrantRole[]) => {
    for (const needed of ['reader', 'writer', 'manager'] as const) {
      const ask = (): Bucket => permit(granted(role), member, needed);
      if (allowed.includes(needed)) expect(ask()).toMatchObject({ id: 'b' });
      else expect(ask).toThrow(BucketForbiddenError);
    }
  });

  it.each([
    ['a bucket that is missing', undefined, givenPrincipal()],
    ['a bucket of another account', bucket, givenPrincipal({ accountId: 'other' })],
    ['a bucket the member has no grant in', { ...bucket, grants: { other: 'manager' as const } }, member],
    ['another bucket than the one the credential is for', bucket, givenPrincipal({ bucketId: 'other' })],
    ["another account's bucket, whatever the grants say", granted('manager'), { ...member, accountId: 'other' }],
  ])('hides %s', (_title, found, principal) => {
    expect(() => permit(found, principal, 'reader')).toThrow(BucketNotFoundError);
  });

  it('lets a credential of one bucket do there what its user may', () => {
    expect(roleIn(granted('writer'), { ...member, bucketId: 'b' })).toBe('writer');
  });
});

import type { Principal } from '../src/http/principal.ts';

export const accountId = '018f0000-0000-7000-8000-00000000000a';
export const userId = '018f0000-0000-7000-8000-00000000000b';

/** The owner of an account with a session, unless the test says otherwise. */
export function givenPrincipal(fields: Partial<Principal> = {}): Principal {
  return {
    ...{ accountId, userId, role: 'owner', credential: 'session', credentialId: 'session-1', scopes: ['admin'] },
    ...fields,
  };
}

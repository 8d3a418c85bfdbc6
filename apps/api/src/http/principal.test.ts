import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { givenPrincipal } from '../../test/given-principal.ts';
import { currentPrincipal, hasScope } from './principal.ts';

describe('hasScope', () => {
  it.each([
    ['read', [true, false, false]],
    ['write', [true, true, false]],
    ['admin', [true, true, true]],
  ] as const)('%s includes what is below it', (scope, held) => {
    const principal = givenPrincipal({ scopes: [scope] });
    expect((['read', 'write', 'admin'] as const).map((needed) => hasScope(principal, needed))).toEqual(held);
  });

  it('is never given by no scopes', () => {
    expect(hasScope(givenPrincipal({ scopes: [] }), 'read')).toBe(false);
  });
});

describe('currentPrincipal', () => {
  it('is a fault of ours to ask for on a route that is open to everybody', () => {
    expect(() => currentPrincipal({ locals: {} } as unknown as Response)).toThrow('open to everybody');
  });
});

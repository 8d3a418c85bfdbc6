import type { Scope } from '../http/principal.ts';

/** A named, revocable secret for programs, of one user. */
export interface AccessToken {
  readonly id: string;
  readonly accountId: string;
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The only bucket it may touch. @default all that its user may */
  readonly bucket?: { readonly id: string; readonly name: string } | undefined;
  readonly createdAt: Date;
  /** @default it holds until it is revoked */
  readonly expiresAt?: Date | undefined;
}

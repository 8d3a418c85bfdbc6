/** A signed-in browser. */
export interface Session {
  readonly id: string;
  readonly accountId: string;
  readonly userId: string;
  /** Address it was signed in from. */
  readonly address: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

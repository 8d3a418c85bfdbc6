/** A tenant: a team with users and buckets. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** Who may join: anybody, the invited, or nobody. */
export type SignUpMode = 'open' | 'invite' | 'closed';

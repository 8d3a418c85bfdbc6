import { DomainError } from '../errors/domain-error.ts';

export type BucketErrorCode =
  | 'bucket-not-found'
  | 'bucket-name-taken'
  | 'bucket-not-empty'
  | 'bucket-forbidden'
  | 'grant-not-found'
  | 'too-many-grants';

export class BucketNotFoundError extends DomainError<BucketErrorCode> {
  constructor() {
    super('bucket-not-found', 'There is no such bucket, or you may not see it.');
  }
}

export class BucketNameTakenError extends DomainError<BucketErrorCode> {
  constructor(name: string, options?: ErrorOptions) {
    super('bucket-name-taken', `The account has a bucket named "${name}".`, options);
  }
}

export class BucketNotEmptyError extends DomainError<BucketErrorCode> {
  constructor() {
    super('bucket-not-empty', 'The bucket has objects.');
  }
}

export class BucketForbiddenError extends DomainError<BucketErrorCode> {
  constructor(needed: string) {
    super('bucket-forbidden', `This needs the grant "${needed}" in the bucket.`);
  }
}

export class GrantNotFoundError extends DomainError<BucketErrorCode> {
  constructor() {
    super('grant-not-found', 'The user has no grant in this bucket.');
  }
}

export class TooManyGrantsError extends DomainError<BucketErrorCode> {
  constructor(most: number) {
    super('too-many-grants', `A bucket has at most ${most} grants.`);
  }
}

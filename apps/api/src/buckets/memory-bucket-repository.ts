import { BucketNameTakenError, BucketNotEmptyError, BucketNotFoundError, TooManyGrantsError } from './bucket-errors.ts';
import type { BucketChange, BucketFilter, BucketRepository, NewBucket } from './bucket-repository.ts';
import { mostGrants, type Bucket, type GrantRole } from './bucket.ts';

export interface MemoryBucketSurroundings {
  /** Ids of the users that exist, with their accounts. */
  readonly users?: ReadonlyMap<string, string>;
  /** Whether a bucket has objects. */
  readonly hasObjects?: (bucketId: string) => boolean;
  readonly nextGeneration?: () => number;
}

export class MemoryBucketRepository implements BucketRepository {
  readonly #buckets = new Map<string, Bucket>();
  readonly #deletedIds = new Set<string>();
  readonly #surroundings: MemoryBucketSurroundings;
  readonly #nextGeneration: () => number;

  constructor(surroundings: MemoryBucketSurroundings = {}) {
    let generation = 0;
    this.#surroundings = surroundings;
    this.#nextGeneration = surroundings.nextGeneration ?? ((): number => (generation += 1));
  }

  async insert(bucket: NewBucket): Promise<Bucket> {
    const stored = this.#buckets.get(bucket.id);
    if (stored !== undefined) return stored;
    if (this.#deletedIds.has(bucket.id)) throw new BucketNotFoundError();
    this.#refuseTakenName(bucket.accountId, bucket.name);
    return this.#save({ ...bucket, createdAt: new Date(), grants: {}, generation: 0 });
  }

  find(id: string): Bucket | undefined {
    return this.#buckets.get(id);
  }

  async findByName(accountId: string, name: string): Promise<Bucket | undefined> {
    return [...this.#buckets.values()].find((bucket) => bucket.accountId === accountId && bucket.name === name);
  }

  async list(
    filter: BucketFilter,
    { afterName, limit }: { afterName: string; limit: number },
  ): Promise<readonly Bucket[]> {
    return [...this.#buckets.values()]
      .filter((bucket) => bucket.accountId === filter.accountId && bucket.name > afterName)
      .filter((bucket) => filter.bucketId === undefined || bucket.id === filter.bucketId)
      .filter((bucket) => filter.grantedTo === undefined || filter.grantedTo in bucket.grants)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, limit);
  }

  async update(id: string, change: BucketChange): Promise<Bucket | undefined> {
    const bucket = this.#buckets.get(id);
    if (bucket === undefined) return undefined;
    const {
      name = bucket.name,
      retentionDays = bucket.retentionDays,
      publicRead = bucket.publicRead,
      ...limits
    } = change;
    if (name !== bucket.name) this.#refuseTakenName(bucket.accountId, name);
    return this.#save({ ...bucket, ...limits, name, retentionDays, publicRead });
  }

  async delete(id: string, { force }: { force: boolean }): Promise<number | undefined> {
    if (!this.#buckets.has(id)) return undefined;
    if (!force && this.#surroundings.hasObjects?.(id) === true) throw new BucketNotEmptyError();
    this.#buckets.delete(id);
    this.#deletedIds.add(id);
    return this.#nextGeneration();
  }

  async putGrant(id: string, userId: string, role: GrantRole): Promise<Bucket | undefined> {
    const bucket = this.#buckets.get(id);
    if (bucket === undefined || this.#surroundings.users?.get(userId) !== bucket.accountId) return undefined;
    const grants = { ...bucket.grants, [userId]: role };
    if (Object.keys(grants).length > mostGrants) throw new TooManyGrantsError(mostGrants);
    return this.#save({ ...bucket, grants });
  }

  async deleteGrant(id: string, userId: string): Promise<Bucket | undefined> {
    const bucket = this.#buckets.get(id);
    if (bucket === undefined || !(userId in bucket.grants)) return undefined;
    const grants = Object.fromEntries(Object.entries(bucket.grants).filter(([id]) => id !== userId));
    return this.#save({ ...bucket, grants });
  }

  #save(bucket: Bucket): Bucket {
    const saved = { ...bucket, generation: this.#nextGeneration() };
    this.#buckets.set(saved.id, saved);
    return saved;
  }

  #refuseTakenName(accountId: string, name: string): void {
    for (const bucket of this.#buckets.values()) {
      if (bucket.accountId === accountId && bucket.name === name) throw new BucketNameTakenError(name);
    }
  }
}

import type { Versioned, VersionedCache } from '../versioned-cache.ts';

/** A load that ends when the test says so. */
export interface SlowLoad {
  readonly load: () => Promise<Versioned<string>>;
  /** How often it was begun. */
  readonly begun: () => number;
  readonly end: (entry: Versioned<string>) => void;
}

export function givenSlowLoad(): SlowLoad {
  const gate = Promise.withResolvers<Versioned<string>>();
  let begun = 0;
  const load = (): Promise<Versioned<string>> => {
    begun += 1;
    return gate.promise;
  };
  return { load, begun: () => begun, end: gate.resolve };
}

/** Resolves when the turn of the event loop, and what it has set going in the cache, is over. */
export async function settled(cache: VersionedCache<string>): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await cache.getMany(['anything']);
}

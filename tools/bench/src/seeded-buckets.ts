import type { Bench } from './bench.ts';
import { seedObjects, seededFolders, seededRootKeys } from './seed-objects.ts';

export interface SeededBucket {
  readonly id: string;
  readonly name: string;
  readonly keys: number;
}

const seeded = new WeakMap<Bench, Promise<{ few: SeededBucket; many: SeededBucket }>>();

/** A bucket of 10 thousand keys and one of many; made when first asked for. */
export function seededBuckets(bench: Bench): Promise<{ few: SeededBucket; many: SeededBucket }> {
  const made = seeded.get(bench) ?? seedBoth(bench);
  seeded.set(bench, made);
  return made;
}

async function seedBoth(bench: Bench): Promise<{ few: SeededBucket; many: SeededBucket }> {
  const startedAt = performance.now();
  const few = await seed(bench, 'few', 10_000);
  const many = await seed(bench, 'many', bench.options.manyKeys);
  bench.report(`${few.keys} and ${many.keys} keys in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return { few, many };
}

async function seed({ account, services }: Bench, name: string, keys: number): Promise<SeededBucket> {
  const id = await account.createBucket(name);
  await seedObjects(services.databaseUrl, id, keys);
  return { id, name, keys };
}

/** Keys of a seeded bucket, one after the other and from the first again, spread over the whole of it. */
export function keysOf({ keys }: SeededBucket): () => string {
  const perFolder = Math.floor((keys - seededRootKeys) / seededFolders);
  let at = 0;
  return () => {
    const folder = at % seededFolders;
    const file = (Math.floor(at / seededFolders) * 7919) % perFolder; // a prime: no neighbours, no key twice
    at += 1;
    return `folder-${String(folder).padStart(3, '0')}/file-${String(file).padStart(7, '0')}.txt`;
  };
}

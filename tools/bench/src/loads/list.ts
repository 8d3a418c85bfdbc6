import { httpSide, type Bench, type Load } from '../bench.ts';
import { measurePair } from '../pair.ts';
import type { Row } from '../row.ts';
import { seededBuckets, type SeededBucket } from '../seeded-buckets.ts';

const PAGE_KEYS = 100;

interface Page {
  readonly name: string;
  /** Query of the listing, without the cursor. */
  readonly query: string;
  /** Pages of `step` entries to go through before the one that is measured, for a bucket of so many keys. */
  readonly skipped: (keys: number) => number;
}

const pages: readonly Page[] = [
  { name: 'first page', query: '', skipped: () => 0 },
  { name: 'middle page', query: '', skipped: (keys) => Math.floor(keys / 2) },
  { name: 'first page of folders', query: '&delimiter=/', skipped: () => 0 },
  { name: 'middle page of folders', query: '&delimiter=/', skipped: () => 100 },
  { name: 'page of keys behind the folders', query: '&delimiter=/', skipped: () => 300 },
];

/** A page of 100 entries beside plain SQL for the same rows, and among many keys beside few. */
export const list: Load = async (bench) => {
  const { few, many } = await seededBuckets(bench);
  const rows: Row[] = [];
  for (const page of pages) {
    const ofFew = await findPage(bench, few, page);
    const ofMany = await findPage(bench, many, page);
    rows.push(...(await besideSql(bench, many, { page, found: ofMany })));
    rows.push(...(await besideFew(bench, page, { ofFew, ofMany })));
  }
  return rows;
};

interface FoundPage {
  readonly path: string;
  readonly content: Buffer;
}

interface Listing {
  readonly items: readonly { readonly key: string }[];
  readonly prefixes: readonly string[];
  readonly nextCursor?: string;
}

/** Follows the cursors, as a client does: they are opaque. */
async function findPage({ account }: Bench, bucket: SeededBucket, { query, skipped }: Page): Promise<FoundPage> {
  const base = `/v1/buckets/${bucket.name}/objects?`;
  let cursor = '';
  for (let left = skipped(bucket.keys); left > 0;) {
    const step = Math.min(left, 1_000);
    const answer = JSON.parse((await account.get(`${base}limit=${step}${query}${cursor}`)).toString()) as Listing;
    if (answer.nextCursor === undefined) throw new Error(`${bucket.name} has fewer keys than were seeded`);
    cursor = `&cursor=${answer.nextCursor}`;
    left -= step;
  }
  const path = `${base}limit=${PAGE_KEYS}${query}${cursor}`;
  const content = await account.get(path);
  const { items, prefixes } = JSON.parse(content.toString()) as Listing;
  if (items.length + prefixes.length !== PAGE_KEYS) throw new Error(`${path} is not a page of ${PAGE_KEYS} entries`);
  return { path, content };
}

/** The floor reads as many rows at the same place, in one statement on the same tables. */
function besideSql(
  { api, account, queryFloor, options }: Bench,
  bucket: SeededBucket,
  { page, found }: { page: Page; found: FoundPage },
): Promise<readonly Row[]> {
  const { items, prefixes } = JSON.parse(found.content.toString()) as Listing;
  const values = [[bucket.id, items[0]?.key ?? prefixes[0], PAGE_KEYS]];
  const text = `select o.key, v.id, v.size_bytes, v.sha256, v.content_type, v.content_disposition, v.cache_control, v.metadata, v.created_at
    from objects o join versions v on v.id = o.current_version_id
    where o.bucket_id = $1 and o.key >= $2 and o.current_version_id is not null
    order by o.key limit $3`;
  const headers = account.authorization;
  return measurePair(
    {
      work: `list: ${page.name}`,
      floor: {
        pid: queryFloor.pid,
        run: (callers, durationMs) =>
          queryFloor.run({ name: 'page', text, values, rows: PAGE_KEYS, callers, durationMs }),
      },
      subject: httpSide(api, () => ({ method: 'GET', path: found.path, headers, content: found.content })),
      unit: 'requests',
      least: 0.6,
    },
    options.rounds,
  );
}

/** Within 1.5 times: at least two thirds of the pages in the same time. */
function besideFew(
  { api, account, options }: Bench,
  page: Page,
  { ofFew, ofMany }: { ofFew: FoundPage; ofMany: FoundPage },
): Promise<readonly Row[]> {
  const headers = account.authorization;
  const [connections = 16] = options.rounds.connections;
  return measurePair(
    {
      work: `list: ${page.name}, among ${options.manyKeys} keys beside 10000`,
      floor: httpSide(api, () => ({ method: 'GET', path: ofFew.path, headers, content: ofFew.content })),
      subject: httpSide(api, () => ({ method: 'GET', path: ofMany.path, headers, content: ofMany.content })),
      unit: 'requests',
      least: 1 / 1.5,
    },
    { ...options.rounds, connections: [connections] },
  );
}

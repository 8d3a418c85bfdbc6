import { httpSide, type Bench, type Load } from '../bench.ts';
import { onePage, pageKeys } from '../floors/floor-queries.ts';
import { measurePair } from '../pair.ts';
import type { Row } from '../row.ts';
import { seededBuckets, type SeededBucket } from '../seeded-buckets.ts';

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
  const path = `${base}limit=${pageKeys}${query}${cursor}`;
  const content = await account.get(path);
  const { items, prefixes } = JSON.parse(content.toString()) as Listing;
  if (items.length + prefixes.length !== pageKeys) throw new Error(`${path} is not a page of ${pageKeys} entries`);
  return { path, content };
}

/** The floors read as many rows at the same place, in one statement on the same tables. */
async function besideSql(
  { api, account, httpFloor, queryFloor, options }: Bench,
  bucket: SeededBucket,
  { page, found }: { page: Page; found: FoundPage },
): Promise<readonly Row[]> {
  const { items, prefixes } = JSON.parse(found.content.toString()) as Listing;
  const from = items[0]?.key ?? prefixes[0] ?? '';
  const values = [[bucket.id, from]];
  const headers = account.authorization;
  const subject = httpSide(api, () => ({ method: 'GET', path: found.path, headers, content: found.content }));
  const common = { subject, unit: 'requests' as const, least: 0.6 };
  const work = `list: ${page.name}`;
  const driver = {
    pid: queryFloor.pid,
    run: (callers: number, durationMs: number) =>
      queryFloor.run({ ...onePage, values, rows: pageKeys, callers, durationMs }),
  };
  const server = httpSide(httpFloor, () => ({ method: 'GET', path: `/page/${bucket.id}/${from}` }));
  return [
    ...(await measurePair({ ...common, work, floor: driver }, options.rounds)),
    ...(await measurePair({ ...common, work: `${work}, beside pg behind node:http`, floor: server }, options.rounds)),
  ];
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

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAccount, givenBucket, givenObject, type Answer, type Client } from './given.ts';
import { startApi, type RunningApi } from './start-api.ts';

let api: RunningApi;
let client: Client;

beforeAll(async () => {
  api = await startApi();
  client = await givenAccount(api);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

type Query = Readonly<Record<string, string | number>>;

function list(bucket: string, query: Query = {}): Promise<Answer> {
  const parameters = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return client.call('GET', `/v1/buckets/${bucket}/objects?${parameters.toString()}`);
}

/** The keys and prefixes of one page, in their common order. */
function entriesOf({ status, json }: Answer): string[] {
  expect(status).toBe(200);
  const keys = json.items.map(({ key }: { key: string }) => key) as string[];
  expect(keys).toEqual([...keys].sort(byBytes));
  return [...keys, ...(json.prefixes as string[])].sort(byBytes);
}

/** All entries, page by page, each page as full as it can be. */
async function listAll(bucket: string, query: Query): Promise<string[]> {
  const entries: string[] = [];
  let page = await list(bucket, query);
  for (;;) {
    const found = entriesOf(page);
    entries.push(...found);
    const { nextCursor } = page.json;
    if (nextCursor === undefined) return entries;
    expect(found).toHaveLength(Number(query.limit));
    page = await list(bucket, { ...query, cursor: nextCursor });
  }
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** What a listing means, written down a second time. */
function model(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const entries = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return end === -1 ? key : key.slice(0, end + 1);
    });
  return [...new Set(entries)].sort(byBytes);
}

async function givenKeys(keys: readonly string[]): Promise<string> {
  const bucket = await givenBucket(client);
  for (let start = 0; start < keys.length; start += 8) {
    await Promise.all(
      keys.slice(start, start + 8).map((key) => givenObject(client, bucket, encodeURIComponent(key), key)),
    );
  }
  return bucket;
}

describe('by name', () => {
  const parts = ['a', 'b-c', 'B', '/', 'a/b', 'a/b/', 'a//b', 'a/ü', 'ü/a', '~', ' x', '%', '_', 'a-1/2', '}', '}a/b'];
  // In UTF-16 the surrogates of the ship come before U+E000 and U+FF01, in UTF-8 behind them.
  const letters = ['\u00e9', '\ud7a3', '\ue000', '\uff01', '\u{1f6a2}', '\u{10fffd}'];
  const keys = [
    ...new Set([
      ...parts,
      ...parts.map((part) => `a/${part}`),
      ...letters,
      ...letters.map((letter) => `a/b/${letter}/x`),
    ]),
  ];
  let bucket: string;

  beforeAll(async () => {
    bucket = await givenKeys(keys);
  });

  const queries = ['', 'a', 'a/', 'a/b', 'a/b/', 'a//', 'ü', '\ud7a3', '\u{1f6a2}', '}', 'a/a/b/', 'nothing'].flatMap(
    (prefix) => ['', '/', '-', 'b', '}', '%'].map((delimiter) => ({ prefix, delimiter })),
  );
  it.each(queries)('prefix %j', async ({ prefix, delimiter }) => {
    const expected = model(keys, prefix, delimiter);
    for (const limit of [1000, 4]) {
      expect(await listAll(bucket, { prefix, limit, ...(delimiter !== '' && { delimiter }) })).toEqual(expected);
    }
  });

  it('one at a time', async () => {
    expect(await listAll(bucket, { limit: 1 })).toEqual(model(keys, '', ''));
    expect(await listAll(bucket, { limit: 1, delimiter: '/' })).toEqual(model(keys, '', '/'));
  });

  it('an entry has what the object has', async () => {
    const stored = await client.call('PUT', `/v1/buckets/${bucket}/objects/~`, {
      body: 'new',
      headers: { 'stowage-meta-a': '1' },
    });
    expect((await list(bucket, { prefix: '~' })).json).toEqual({ items: [stored.json], prefixes: [] });
  });
});

describe('by time of change', () => {
  it('newest and oldest first, equal times by key', async () => {
    const bucket = await givenBucket(client);
    const stored = await Promise.all(
      Array.from({ length: 40 }, (_, index) => givenObject(client, bucket, `key-${(index * 17) % 40}`)),
    );
    await client.call('PATCH', `/v1/buckets/${bucket}/objects/key-3`, { json: { cacheControl: 'no-store' } });
    await client.call('DELETE', `/v1/buckets/${bucket}/objects/key-4`);
    const times = new Map(stored.map(({ json }) => [json.key as string, json.modifiedAt as string]));
    times.delete('key-4');
    times.set('key-3', '9'); // after all others
    const oldest = [...times].sort(([keyA, a], [keyB, b]) => byBytes(a, b) || byBytes(keyA, keyB)).map(([key]) => key);
    for (const limit of [1000, 7, 1]) {
      expect(await listInOrder(bucket, { order: 'oldest', limit })).toEqual(oldest);
      expect(await listInOrder(bucket, { order: 'newest', limit })).toEqual([...oldest].reverse());
    }
  });

  async function listInOrder(bucket: string, query: Query): Promise<string[]> {
    const { status, json } = await list(bucket, query);
    expect(status).toBe(200);
    const keys = json.items.map(({ key }: { key: string }) => key) as string[];
    return json.nextCursor === undefined
      ? keys
      : [...keys, ...(await listInOrder(bucket, { ...query, cursor: json.nextCursor }))];
  }

  it('what changes behind a cursor is neither lost nor shown twice', async () => {
    const bucket = await givenBucket(client);
    for (const key of ['a', 'b', 'c', 'd']) await givenObject(client, bucket, key);
    const first = await list(bucket, { order: 'newest', limit: 2 });
    expect(first.json.items.map(({ key }: { key: string }) => key)).toEqual(['d', 'c']);
    await givenObject(client, bucket, 'a', 'again');
    await client.call('DELETE', `/v1/buckets/${bucket}/objects/c`);
    expect(await listInOrder(bucket, { order: 'newest', limit: 2, cursor: first.json.nextCursor })).toEqual(['b']);
  });
});

describe('cursors across writes', () => {
  it('the next page begins behind the last entry, whatever came and went', async () => {
    const bucket = await givenKeys(['a', 'c', 'e', 'g', 'i']);
    const first = await list(bucket, { limit: 2 });
    expect(entriesOf(first)).toEqual(['a', 'c']);
    await client.call('DELETE', `/v1/buckets/${bucket}/objects/c`);
    await client.call('DELETE', `/v1/buckets/${bucket}/objects/g`);
    for (const key of ['b', 'c0', 'f']) await givenObject(client, bucket, key);
    expect(await listAll(bucket, { limit: 2, cursor: first.json.nextCursor })).toEqual(['c0', 'e', 'f', 'i']);
  });

  it('a prefix that was answered is not answered again, whatever is stored below it', async () => {
    const bucket = await givenKeys(['a/1', 'b/1', 'c/1']);
    const first = await list(bucket, { limit: 1, delimiter: '/' });
    expect(entriesOf(first)).toEqual(['a/']);
    await givenObject(client, bucket, 'a/2');
    await givenObject(client, bucket, 'a/\u{10fffd}');
    expect(await listAll(bucket, { limit: 1, delimiter: '/', cursor: first.json.nextCursor })).toEqual(['b/', 'c/']);
  });

  it('one of another prefix shows nothing outside of this one', async () => {
    const bucket = await givenKeys(['a/1', 'a/2', 'b/1', 'b/2', 'c']);
    const { json } = await list(bucket, { prefix: 'a/', limit: 1 });
    expect(entriesOf(await list(bucket, { prefix: 'b/', cursor: json.nextCursor }))).toEqual(['b/1', 'b/2']);
    const { json: later } = await list(bucket, { prefix: 'b/', limit: 1 });
    expect(entriesOf(await list(bucket, { prefix: 'a/', cursor: later.nextCursor }))).toEqual([]);
  });
});

describe('what is refused', () => {
  let bucket: string;
  let timeCursor: string;

  beforeAll(async () => {
    bucket = await givenKeys(['a', 'b']);
    timeCursor = (await list(bucket, { order: 'oldest', limit: 1 })).json.nextCursor;
  });

  async function faultOf(query: Query): Promise<string | undefined> {
    const { status, json } = await list(bucket, query);
    expect([status, json.type]).toEqual([400, '/problems/invalid-request']);
    return json.errors[0].parameter;
  }

  it.each(['0', '-1', '1001', '1.5', 'many', '', 'NaN', '1e9'])('400: limit=%s', async (limit) => {
    expect(await faultOf({ limit })).toBe('limit');
  });

  it('takes the smallest and the largest limit', async () => {
    expect((await list(bucket, { limit: 1 })).json.items).toHaveLength(1);
    expect((await list(bucket, { limit: 1000 })).json.items).toHaveLength(2);
  });

  const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    ['', 'name'],
    ['nonsense', 'name'],
    ['x'.repeat(5000), 'name'],
    [Buffer.from([0xff, 0x22]).toString('base64url'), 'name'],
    [forged({}), 'name'],
    [forged(null), 'name'],
    [forged({ from: '' }), 'name'],
    [forged({ from: 'a\0' }), 'name'],
    [forged({ from: 7 }), 'name'],
    [forged({ from: '\ud800' }), 'name'],
    [forged({ from: 'a', bucketId: '00000000-0000-0000-0000-000000000000' }), 'name'],
    [forged({ from: 'x'.repeat(1026) }), 'name'],
    [forged({ afterName: 'bucket' }), 'name'],
    [forged({ from: 'a' }), 'oldest'],
    [forged({ modifiedAt: 'infinity', key: 'a' }), 'newest'],
    [forged({ modifiedAt: -1, key: 'a' }), 'newest'],
    [forged({ modifiedAt: 1e300, key: 'a' }), 'oldest'],
    [forged({ modifiedAt: 1.5, key: 'a' }), 'oldest'],
  ])('400: the cursor %.40s', async (cursor, order) => {
    expect(await faultOf({ cursor, order })).toBe('cursor');
  });

  it('400: the cursor of another order', async () => {
    expect(await faultOf({ cursor: timeCursor })).toBe('cursor');
  });

  it.each([
    [{ modifiedAt: 8.64e15, key: '\uffff' }, 'newest', 2],
    [{ modifiedAt: 8.64e15, key: 'a' }, 'oldest', 0],
    [{ modifiedAt: 0, key: 'a' }, 'newest', 0],
    [{ modifiedAt: 0, key: 'a' }, 'oldest', 2],
  ])('one that could have been given is taken: %j, %s', async (cursor, order, found) => {
    const { status, json } = await list(bucket, { cursor: forged(cursor), order });
    expect([status, json.items?.length]).toEqual([200, found]);
  });

  it.each([
    [{ delimiter: '//' }, 'delimiter'],
    [{ delimiter: '' }, 'delimiter'],
    [{ delimiter: 'ü' }, 'delimiter'],
    [{ delimiter: '\n' }, 'delimiter'],
    [{ prefix: '\0' }, 'prefix'],
    [{ prefix: 'x'.repeat(1025) }, 'prefix'],
    [{ order: 'size' }, 'order'],
    [{ order: 'newest', prefix: 'a' }, 'order'],
    [{ order: 'oldest', delimiter: '/' }, 'order'],
    [{ page: '2' }, 'page'],
  ])('400: %j', async (query, parameter) => {
    expect(await faultOf(query)).toBe(parameter);
  });

  it('404: a bucket that does not exist', async () => {
    expect((await list('missing')).json.type).toBe('/problems/bucket-not-found');
  });
});

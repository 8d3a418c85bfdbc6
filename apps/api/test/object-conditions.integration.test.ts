import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAccount, givenBucket, givenObject, type Answer, type Client } from './given.ts';
import { startApi, type RunningApi } from './start-api.ts';

let api: RunningApi;
let client: Client;
let bucket: string;

beforeAll(async () => {
  api = await startApi();
  client = await givenAccount(api);
  bucket = await givenBucket(client);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const pathOf = (key: string): string => `/v1/buckets/${bucket}/objects/${key}`;

/** An object of two versions; `old` is the ETag of the first. */
async function givenVersions(): Promise<{ key: string; old: string; current: string }> {
  const key = randomUUID();
  const etags = [];
  for (const content of ['old', 'current'])
    etags.push((await givenObject(client, bucket, key, content)).headers.get('etag'));
  return { key, old: etags[0] ?? '', current: etags[1] ?? '' };
}

function put(key: string, headers: Record<string, string>): Promise<Answer> {
  return client.call('PUT', pathOf(key), { body: 'replaced', headers });
}

async function contentOf(key: string): Promise<string | number> {
  const { status, bytes } = await client.call('GET', pathOf(key));
  return status === 200 ? bytes.toString() : status;
}

describe('conditions of a write', () => {
  it('If-None-Match: * stores only a new object', async () => {
    const key = randomUUID();
    expect((await put(key, { 'if-none-match': '*' })).status).toBe(201);
    const again = await put(key, { 'if-none-match': '*' });
    expect([again.status, again.json.type]).toEqual([412, '/problems/precondition-failed']);
    await client.call('DELETE', pathOf(key));
    expect((await put(key, { 'if-none-match': '*' })).status).toBe(201);
  });

  it('If-None-Match: * lets one of many at once through', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => put(key, { 'if-none-match': '*' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(412)]);
  });

  it('If-Match replaces only the versions it lists', async () => {
    const { key, old, current } = await givenVersions();
    for (const refused of [old, `W/${current}`, '"nonsense"', `"${randomUUID()}"`]) {
      expect([refused, (await put(key, { 'if-match': refused })).status]).toEqual([refused, 412]);
    }
    expect(await contentOf(key)).toBe('current');
    const stored = await put(key, { 'if-match': `"a,b", ${old} ,, ${current}` });
    expect(stored.status).toBe(200);
    expect((await put(key, { 'if-match': '*' })).status).toBe(200);
  });

  it('If-Match lets one of many at once through', async () => {
    const { key, current } = await givenVersions();
    const answers = await Promise.all(Array.from({ length: 10 }, () => put(key, { 'if-match': current })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(412)]);
  });

  it('412: If-Match of an absent object, which stays absent', async () => {
    const key = randomUUID();
    for (const condition of ['*', `"${randomUUID()}"`])
      expect((await put(key, { 'if-match': condition })).status).toBe(412);
    expect(await contentOf(key)).toBe(404);
  });

  it.each([
    [{ 'if-match': 'unquoted' }, 'if-match'],
    [{ 'if-match': '"open' }, 'if-match'],
    [{ 'if-match': ',' }, 'if-match'],
    [{ 'if-none-match': '"etag"' }, 'if-none-match'],
    [{ 'if-unmodified-since': new Date().toUTCString() }, 'if-unmodified-since'],
  ])('400: what cannot be obeyed is not ignored: %j', async (headers, header) => {
    const { key } = await givenVersions();
    const answer = await put(key, headers);
    expect([answer.status, answer.json.errors]).toEqual([400, [{ header, detail: expect.any(String) }]]);
    expect(await contentOf(key)).toBe('current');
  });

  it('PATCH and DELETE obey them as well', async () => {
    const { key, old, current } = await givenVersions();
    const change = (condition: string): Promise<Answer> =>
      client.call('PATCH', pathOf(key), { json: { cacheControl: 'no-store' }, headers: { 'if-match': condition } });
    expect((await change(old)).status).toBe(412);
    const changed = await change(current);
    expect(changed.status).toBe(200);

    const remove = (headers: Record<string, string>): Promise<Answer> =>
      client.call('DELETE', pathOf(key), { headers });
    expect((await remove({ 'if-match': current })).status).toBe(412);
    expect((await remove({ 'if-none-match': '*' })).status).toBe(412);
    expect(await contentOf(key)).toBe('current');
    expect((await remove({ 'if-match': changed.headers.get('etag') ?? '' })).status).toBe(204);
    expect((await remove({ 'if-match': '*' })).status).toBe(412);
  });
});

describe('conditions of a read', () => {
  let key: string;
  let old: string;
  let current: string;
  let modified: string;

  beforeAll(async () => {
    ({ key, old, current } = await givenVersions());
    modified = (await client.call('HEAD', pathOf(key))).headers.get('last-modified') ?? '';
  });

  async function statusOf(headers: Record<string, string>): Promise<number[]> {
    const answers = await Promise.all(['GET', 'HEAD'].map((method) => client.call(method, pathOf(key), { headers })));
    return answers.map(({ status }) => status);
  }

  it('304: If-None-Match has the version, strong or weak, alone or in a list, or *', async () => {
    for (const condition of [current, `W/${current}`, `${old}, ${current}`, '*']) {
      expect([condition, await statusOf({ 'if-none-match': condition })]).toEqual([condition, [304, 304]]);
    }
    expect(await statusOf({ 'if-none-match': old })).toEqual([200, 200]);
    // RFC 9110 §13.1.3: the date does not count beside an entity tag.
    expect(await statusOf({ 'if-none-match': old, 'if-modified-since': modified })).toEqual([200, 200]);
  });

  it('304 has what a cache needs, and no body', async () => {
    const { headers, bytes } = await client.call('GET', pathOf(key), { headers: { 'if-none-match': current } });
    expect([headers.get('etag'), headers.get('cache-control'), headers.get('last-modified')]).toEqual([
      current,
      'private, no-cache',
      modified,
    ]);
    expect([headers.get('content-type'), headers.get('content-length'), bytes.length]).toEqual([null, null, 0]);
  });

  it('412: If-Match has another version, or this one weakly', async () => {
    expect(await statusOf({ 'if-match': old })).toEqual([412, 412]);
    expect(await statusOf({ 'if-match': `W/${current}` })).toEqual([412, 412]);
    expect(await statusOf({ 'if-match': `${old}, ${current}` })).toEqual([200, 200]);
    expect(await statusOf({ 'if-match': '*' })).toEqual([200, 200]);
    expect(await statusOf({ 'if-match': current, 'if-none-match': current })).toEqual([304, 304]);
  });

  it('compares dates by the second, and ignores what is none', async () => {
    const before = new Date(Date.parse(modified) - 1000).toUTCString();
    const [, date, month, century, year, time] = /, (..) (...) (..)(..) (.*)$/.exec(modified) ?? [];
    expect(century).toBe('20');
    const weekday = new Date(modified).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
    const rfc850 = `${weekday}, ${date}-${month}-${year} ${time}`;
    expect(await statusOf({ 'if-modified-since': modified })).toEqual([304, 304]);
    expect(await statusOf({ 'if-modified-since': rfc850 })).toEqual([304, 304]);
    expect(await statusOf({ 'if-modified-since': before })).toEqual([200, 200]);
    expect(await statusOf({ 'if-unmodified-since': before })).toEqual([412, 412]);
    expect(await statusOf({ 'if-unmodified-since': modified })).toEqual([200, 200]);
    for (const nonsense of ['yesterday', '2999-01-01', '0'])
      expect(await statusOf({ 'if-modified-since': nonsense, 'if-unmodified-since': nonsense })).toEqual([200, 200]);
  });

  it('400: entity tags without quotes', async () => {
    expect(await statusOf({ 'if-none-match': current.replaceAll('"', '') })).toEqual([400, 400]);
  });
});

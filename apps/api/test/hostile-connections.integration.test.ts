import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givenAccount, givenBucket, type Answer, type Client } from './given.ts';
import { RawConnection } from './http-exchange.ts';
import { problemFaults } from './problem-answers.ts';
import { startApi, type RunningApi } from './start-api.ts';
import { storedDigest } from './stored-digest.ts';

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

function head(method: string, path: string, ...headers: readonly string[]): string {
  return [`${method} ${path} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${client.token}`, ...headers, '', ''].join(
    '\r\n',
  );
}

const objectPath = (): string => `/v1/buckets/${bucket}/objects/a`;

/** Takes the one answer that came on a connection apart. */
function toAnswer(received: string): Answer {
  const [, status = '', lines = '', body = ''] =
    /^HTTP\/1\.1 (\d{3}) [^\r]*\r\n([^]*?)\r\n\r\n([^]*)$/.exec(received) ?? [];
  const headers = new Headers(
    lines
      .split('\r\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  expect(headers.get('content-length')).toBe(String(body.length));
  return {
    status: Number(status),
    headers,
    bytes: Buffer.from(body, 'latin1'),
    json: body === '' ? undefined : (JSON.parse(body) as unknown),
  };
}

/** Sends and ends; gives the whole of what comes back. */
async function exchange(...sent: readonly string[]): Promise<string> {
  using connection = await RawConnection.open(api);
  for (const text of sent) connection.write(Buffer.from(text, 'latin1'));
  connection.end();
  return await connection.untilEnd();
}

/** Until the API has cleaned up behind what it answered already. */
async function untilSettled(expected: object): Promise<void> {
  for (;;) {
    const now = await storedDigest(api);
    if (JSON.stringify(now) === JSON.stringify(expected)) return;
    await client.call('GET', '/health');
  }
}

describe('what is not HTTP', () => {
  it.each([
    ['bytes in the path that are no ASCII', () => head('PUT', '/v1/buckets/\u00ff\u00fe')],
    ['NUL in a header', () => head('GET', '/health', 'X: a\0b')],
    ['CR alone at the end of a line', () => head('GET', '/health', 'X: a\rY: b')],
    ['a space in a header name', () => head('GET', '/health', 'X Y: b')],
    ['a space before the colon', () => head('GET', '/health', 'Transfer-Encoding : chunked')],
    ['a folded header', () => head('GET', '/health', 'X: a', ' b')],
    ['an unknown version', () => 'GET /health HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['nonsense', () => 'nonsense\r\n\r\n'],
    ['the start of TLS', () => '\u0016\u0003\u0001\u0002\u0000\u0001'],
  ])('400: %s', async (_title, request) => {
    const answer = toAnswer(await exchange(request()));
    expect([answer.status, problemFaults(answer, 'PUT')]).toEqual([400, []]);
  });

  it.each(['many', 'long'])('431: headers that are too %s', async (kind) => {
    const headers =
      kind === 'long' ? [`X: ${'x'.repeat(20_000)}`] : Array.from({ length: 3000 }, (_, index) => `X-${index}: x`);
    const answer = toAnswer(await exchange(head('GET', '/health', ...headers)));
    expect([answer.status, answer.json.type]).toEqual([431, '/problems/headers-too-large']);
    expect(problemFaults(answer, 'GET')).toEqual([]);
  });

  it('4xx: CONNECT, and a proxy is not what this is', async () => {
    const answers = [
      await exchange('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'),
      await exchange(head('GET', 'http://example.com/')),
    ];
    // Node closes the connection of a CONNECT that nobody handles.
    expect(answers[0]).toBe('');
    expect(toAnswer(answers[1] ?? '').status).toBe(404);
  });

  it.each([
    ['no Host', []],
    ['two lines of Host', ['Host: x', 'Host: y']],
  ])('400: %s', async (_title, lines) => {
    const answer = toAnswer(
      await exchange(['GET /health HTTP/1.1', ...lines, 'Connection: close', '', ''].join('\r\n')),
    );
    expect([answer.status, answer.json.errors]).toEqual([400, [expect.objectContaining({ header: 'host' })]]);
    expect(problemFaults(answer, 'GET')).toEqual([]);
  });

  it('200: no Host in HTTP/1.0', async () => {
    using connection = await RawConnection.open(api);
    connection.write('GET /health HTTP/1.0\r\n\r\n');
    expect(await connection.untilEnd()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['an upgrade that nobody offers', ['Connection: Upgrade, close', 'Upgrade: websocket']],
    ['an expectation that nobody knows', ['Connection: close', 'Expect: a-miracle']],
  ])('200: %s is ignored', async (_title, headers) => {
    using connection = await RawConnection.open(api);
    connection.write(head('GET', '/health', ...headers));
    expect(await connection.untilEnd()).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('smuggling: requests on whose end two servers could disagree', () => {
  const smuggled = 'GET /v1/account HTTP/1.1\r\nHost: x\r\n\r\n';

  it.each([
    ['Content-Length beside chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`],
    ['chunks beside Content-Length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], `0\r\n\r\n${smuggled}`],
    ['two lengths', ['Content-Length: 7', 'Content-Length: 8'], 'content'],
    ['a list of lengths', ['Content-Length: 7, 8'], 'content'],
    ['a negative length', ['Content-Length: -7'], 'content'],
    ['a length with a sign', ['Content-Length: +7'], 'content'],
    ['a length in hex', ['Content-Length: 0x7'], 'content'],
    ['a length of 2^64', ['Content-Length: 18446744073709551616'], 'content'],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${smuggled}`],
    ['a coding before chunked', ['Transfer-Encoding: gzip, chunked'], '7\r\ncontent\r\n0\r\n\r\n'],
    ['codings on two lines', ['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'], '7\r\ncontent\r\n0\r\n\r\n'],
    ['chunked twice', ['Transfer-Encoding: chunked, chunked'], '7\r\ncontent\r\n0\r\n\r\n'],
    ['chunked before another coding', ['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${smuggled}`],
    ['a chunk of no size', ['Transfer-Encoding: chunked'], 'x\r\ncontent\r\n0\r\n\r\n'],
    ['a chunk of a size beyond all', ['Transfer-Encoding: chunked'], 'fffffffffffffffff\r\ncontent'],
    ['a chunk that is longer than its size', ['Transfer-Encoding: chunked'], '3\r\ncontent\r\n0\r\n\r\n'],
  ])('400 and the end of the connection: %s', async (_title, headers, body) => {
    const before = await storedDigest(api);
    const received = await exchange(head('PUT', objectPath(), ...headers), body);
    expect(received).toMatch(/^HTTP\/1\.1 400 /);
    expect(received.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(problemFaults(toAnswer(received), 'PUT')).toEqual([]);
    expect((await client.call('GET', objectPath())).status).toBe(404);
    await untilSettled(before);
  });
});

describe('a body that ends before its length', () => {
  it.each([
    ['an object', 'PUT', () => objectPath(), 'content', 'size-mismatch'],
    ['JSON', 'POST', () => '/v1/buckets', '{"name":"short-body"', 'size-mismatch'],
  ])('400: %s', async (...[, method, path, body, code]) => {
    const before = await storedDigest(api);
    const answer = toAnswer(
      await exchange(head(method, path(), 'Content-Type: application/json', 'Content-Length: 100'), body),
    );
    expect([answer.status, answer.json.type]).toEqual([400, `/problems/${code}`]);
    expect(problemFaults(answer, method)).toEqual([]);
    await untilSettled(before);
  });

  it('a chunked one, cut', async () => {
    const before = await storedDigest(api);
    expect(await exchange(head('PUT', objectPath(), 'Transfer-Encoding: chunked'), '7\r\ncontent\r\n')).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    await untilSettled(before);
  });

  it('the client is gone in the middle: nothing is stored', async () => {
    const before = await storedDigest(api);
    using connection = await RawConnection.open(api);
    connection.write(head('PUT', objectPath(), 'Content-Length: 1000000') + 'x'.repeat(200_000));
    connection[Symbol.dispose]();
    await untilSettled(before);
  });
});

describe('requests in a row on one connection', () => {
  it('are answered in their order, a refused one among them', async () => {
    using connection = await RawConnection.open(api);
    connection.write(head('PUT', objectPath(), 'Content-Length: 3') + 'one');
    connection.write(head('PUT', `/v1/buckets/${bucket}/objects/..%2f`, 'Content-Length: 3') + 'two');
    connection.write(head('GET', `/v1/buckets/${bucket}`) + head('GET', '/nothing', 'Connection: close'));
    const received = await connection.untilEnd();
    expect([...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)).toEqual([
      '201',
      '400',
      '200',
      '404',
    ]);
    await client.call('DELETE', objectPath());
  });
});

describe('a client that sends everything before it reads', () => {
  const large = 'x'.repeat(20_000_000);

  it.each([
    ['413', 'of a body that is too large', ['Content-Length: 20000000'], large],
    ['413', 'of one that becomes too large', ['Transfer-Encoding: chunked'], `1312d00\r\n${large}`],
    ['400', 'of chunks that are none', ['Transfer-Encoding: chunked'], `x\r\n${large}`],
    ['431', 'of headers that are too large', [`X: ${large}`], ''],
  ])('has the answer: %s %s', async (...[status, , headers, body]) => {
    const small = await givenBucket(client, { maxObjectBytes: 1000 });
    using connection = await RawConnection.open(api);
    await connection.writeBeforeReading(head('PUT', `/v1/buckets/${small}/objects/a`, ...headers) + body);
    expect(await connection.untilEnd()).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\\}$`));
  });
});

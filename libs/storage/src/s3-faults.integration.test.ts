import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { setTimeout as pass } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

import {
  BlobCorruptedError,
  BlobDeletionError,
  BlobNotFoundError,
  BlobStoreError,
  BlobStoreUnavailableError,
} from './blob-store-errors.ts';
import { S3BlobStore } from './s3-blob-store.ts';
import type { S3BlobStoreOptions } from './s3-options.ts';
import { type Answer, answerError, answerXml, ScriptedS3Server } from './testing/scripted-s3-server.ts';
import { bodyOf, collect, testBytes } from './testing/test-bodies.ts';

const PART = 5 * 1024 ** 2;
const opened: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of opened.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});

async function givenServer(answer: Answer): Promise<ScriptedS3Server> {
  const server = await ScriptedS3Server.start(answer);
  opened.push(server);
  return server;
}

/** So long that nothing misses them: a deadline that is to pass is the test's own. */
const patience = { connectMs: 60_000, attemptMs: 60_000, totalMs: 120_000, idleMs: 60_000, completeMs: 60_000 };

async function givenStore(endpoint: string, options: Partial<S3BlobStoreOptions> = {}): Promise<S3BlobStore> {
  const store = await S3BlobStore.open({
    bucket: 'bucket',
    region: 'us-east-1',
    endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    partSizeBytes: PART,
    ...options,
    deadlines: { ...patience, ...options.deadlines },
  });
  opened.push(store);
  return store;
}

const put = (store: S3BlobStore, sizeBytes = 10) => store.put('key', bodyOf(testBytes(sizeBytes)));

describe('reads that nobody goes on reading', () => {
  it('hold up further reads alone', async () => {
    const content = testBytes(PART);
    const server = await givenServer(({ method }, response) => {
      if (method === 'GET') response.writeHead(200, { 'content-length': PART }).end(content);
      else answerXml(response, '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>');
    });
    const store = await givenStore(server.url, { maxReads: 3, maxSockets: 1, deadlines: { attemptMs: 1_000 } });
    const reads = await Promise.all(['a', 'b', 'c'].map((key) => store.get(key)));

    await expect(store.get('d')).rejects.toBeInstanceOf(BlobStoreUnavailableError);
    await expect(store.head('key')).resolves.toMatchObject({ sizeBytes: expect.any(Number) });
    await expect(put(store)).resolves.toEqual({ sizeBytes: 10 });
    await expect(store.check()).resolves.toBeUndefined();

    reads[0]?.destroy();
    await expect(collect(await store.get('d'))).resolves.toHaveLength(PART);
    for (const read of reads) read.destroy();
  });
});

describe('an S3 request', () => {
  it('is tried again when S3 asks to slow down', async () => {
    const server = await givenServer((_, response, nth) => {
      if (nth < 2) answerError(response, 503, 'SlowDown');
      else response.end();
    });

    await expect(put(await givenStore(server.url))).resolves.toEqual({ sizeBytes: 10 });

    expect(server.seen.map(({ body }) => body.length)).toEqual([10, 10, 10]);
  });

  it('is given up after its attempts', async () => {
    const server = await givenServer((_, response) => answerError(response, 503, 'SlowDown'));

    await expect(put(await givenStore(server.url))).rejects.toBeInstanceOf(BlobStoreUnavailableError);

    expect(server.seen).toHaveLength(3);
  });

  it('is given up at its total deadline, while it waits for the next attempt', async () => {
    const server = await givenServer((_, response) => answerError(response, 503, 'SlowDown'));
    const store = await givenStore(server.url, { maxAttempts: 1_000, deadlines: { totalMs: 700 } });

    await expect(put(store)).rejects.toMatchObject({
      name: 'BlobStoreUnavailableError',
      cause: { name: 'DeadlineError' },
    });
  });

  it('is given up when S3 does not answer', async () => {
    const server = await givenServer(() => undefined);
    const store = await givenStore(server.url, { maxAttempts: 2, deadlines: { attemptMs: 2_000 } });

    await expect(store.head('key')).rejects.toBeInstanceOf(BlobStoreUnavailableError);

    expect(server.seen).toHaveLength(2);
  });

  it.each([301, 400, 401, 403])('finds the store unavailable when a HEAD is refused with %d', async (status) => {
    const server = await givenServer((_, response) => response.writeHead(status).end());
    const store = await givenStore(server.url);

    await expect(store.head('key')).rejects.toBeInstanceOf(BlobStoreUnavailableError);
    await expect(store.check()).rejects.toBeInstanceOf(BlobStoreUnavailableError);
  });

  it('is given up when S3 begins an answer and does not end it', async () => {
    const server = await givenServer((_, response) => void response.writeHead(200).write('<ListBucketResult>'));
    const store = await givenStore(server.url, { deadlines: { totalMs: 300 } });

    await expect(store.list().next()).rejects.toBeInstanceOf(BlobStoreUnavailableError);
  });

  it('is tried again when the connection is reset', async () => {
    const server = await givenServer((_, response, nth) => {
      if (nth === 0) response.socket?.resetAndDestroy();
      else response.end();
    });

    await expect(put(await givenStore(server.url))).resolves.toEqual({ sizeBytes: 10 });
  });

  it('fails when nobody listens', async () => {
    const server = await ScriptedS3Server.start(() => undefined);
    const { url } = server;
    await server[Symbol.asyncDispose]();

    await expect((await givenStore(url)).check()).rejects.toBeInstanceOf(BlobStoreUnavailableError);
  });

  it.each([
    [403, 'AccessDenied', BlobStoreUnavailableError],
    [404, 'NoSuchBucket', BlobStoreUnavailableError],
    [404, 'NoSuchKey', BlobNotFoundError],
    [400, 'BadDigest', BlobCorruptedError],
    [400, 'InvalidArgument', BlobStoreError],
  ])('rejects with an error of ours for %d %s', async (status, code, type) => {
    const server = await givenServer((_, response) => answerError(response, status, code));

    await expect((await givenStore(server.url)).get('key')).rejects.toBeInstanceOf(type);
  });
});

describe('get from S3', () => {
  it('fails when the body falls silent', async () => {
    const server = await givenServer((_, response) => void response.writeHead(200, { 'content-length': 9 }).write('x'));
    const stream = await (await givenStore(server.url, { deadlines: { idleMs: 200 } })).get('key');

    await expect(collect(stream)).rejects.toBeInstanceOf(BlobStoreUnavailableError);
  });

  it('gives a slow reader all its time', async () => {
    const bytes = testBytes(8 * 1024 ** 2);
    const server = await givenServer((_, response) => response.end(bytes));
    const stream = await (await givenStore(server.url, { deadlines: { idleMs: 1_000 } })).get('key');

    await once(stream, 'readable');
    await pass(2_000);

    expect(bytes.equals(await collect(stream))).toBe(true);
  });

  it.each([
    ['is reset', (answer: { socket: { resetAndDestroy(): void } | null }) => answer.socket?.resetAndDestroy()],
    ['ends early', (answer: { socket: { end(): void } | null }) => answer.socket?.end()],
  ] as const)('fails when the connection %s in the middle', async (_, cut) => {
    const server = await givenServer((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write(testBytes(1_000), () => setImmediate(() => cut(response)));
    });
    const stream = await (await givenStore(server.url)).get('key');

    await expect(collect(stream)).rejects.toBeInstanceOf(BlobStoreUnavailableError);
  });

  it('fails when the bytes do not have the checksum S3 recorded', async () => {
    const recorded = Buffer.alloc(4);
    recorded.writeUInt32BE(crc32(testBytes(99_999)));
    const server = await givenServer((_, response, nth) => {
      response.setHeader('x-amz-checksum-crc32', recorded.toString('base64'));
      response.end(nth === 0 ? testBytes(99_999) : testBytes(99_999).reverse());
    });
    const store = await givenStore(server.url);

    expect(await collect(await store.get('key'))).toHaveLength(99_999);
    await expect(collect(await store.get('key'))).rejects.toBeInstanceOf(BlobCorruptedError);
  });

  it('closes the connection when the stream is destroyed', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<undefined>();
    const server = await givenServer((_, response) => {
      response.once('close', () => resolve(undefined));
      response.setHeader('x-amz-checksum-crc32', 'AAAAAA==');
      response.writeHead(200, { 'content-length': 1_000_000 }).write('x');
    });
    const stream = await (await givenStore(server.url)).get('key');

    stream.destroy();

    await closed;
  });
});

describe('put to S3', () => {
  it('sends the CRC32 of the body', async () => {
    const server = await givenServer((_, response) => response.end());
    await put(await givenStore(server.url));

    const sent = Buffer.from(String(server.seen[0]?.headers['x-amz-checksum-crc32']), 'base64');
    expect(sent.readUInt32BE()).toBe(crc32(testBytes(10)));
  });

  it('sends no request for a body that fails before it fills a part', async () => {
    const server = await givenServer((_, response) => response.end());
    const store = await givenStore(server.url);

    await expect(store.put('key', bodyOf(testBytes(10)), { sizeBytes: 9 })).rejects.toThrow();

    expect(server.seen).toEqual([]);
  });

  it('aborts the upload, and only after its parts have settled, when a part fails', async () => {
    const server = await givenServer(
      multipartAnswer((query, response) => {
        if (query.get('partNumber') === '1') answerError(response, 503, 'SlowDown');
        else response.setHeader('etag', '"e"').end();
      }),
    );
    const store = await givenStore(server.url, { maxAttempts: 2 });

    await expect(put(store, PART * 4)).rejects.toBeInstanceOf(BlobStoreUnavailableError);

    expect(server.operations[0]).toBe('POST uploads');
    expect(server.operations.at(-1)).toBe('DELETE uploadId');
    expect(server.operations).not.toContain('POST uploadId');
  });

  it('aborts the upload when S3 fails to join the parts after it has answered 200', async () => {
    const server = await givenServer((request, response, nth) => {
      if (request.method === 'POST' && !request.path.includes('uploads'))
        answerXml(response, '<Error><Code>InternalError</Code><Message>scripted</Message></Error>');
      else multipartAnswer((_, part) => part.setHeader('etag', '"e"').end())(request, response, nth);
    });

    await expect(put(await givenStore(server.url), PART * 2)).rejects.toBeInstanceOf(BlobStoreUnavailableError);

    expect(server.operations.at(-1)).toBe('DELETE uploadId');
  });

  it('succeeds when only the answer to the completion was lost', async () => {
    const server = await givenServer((request, response, nth) => {
      if (request.method === 'HEAD') response.writeHead(200, { 'content-length': PART * 2 }).end();
      else if (request.method === 'POST' && !request.path.includes('uploads'))
        answerError(response, 404, 'NoSuchUpload');
      else multipartAnswer((_, part) => part.setHeader('etag', '"e"').end())(request, response, nth);
    });

    await expect(put(await givenStore(server.url), PART * 2)).resolves.toEqual({ sizeBytes: PART * 2 });
  });

  it('refuses a put for which no memory gets free', async () => {
    const server = await givenServer((_, response) => response.end());
    const store = await givenStore(server.url, { partMemoryBytes: PART, deadlines: { memoryMs: 100 } });
    const abort = new AbortController();
    const { promise: asked, resolve } = Promise.withResolvers<undefined>();
    const slow = store.put('slow', slowBody(resolve), { sizeBytes: PART, signal: abort.signal });
    await asked;

    await expect(store.put('key', bodyOf(testBytes(PART)), { sizeBytes: PART })).rejects.toBeInstanceOf(
      BlobStoreUnavailableError,
    );
    await expect(put(store)).resolves.toEqual({ sizeBytes: 10 });
    abort.abort(new Error('gone'));
    await expect(slow).rejects.toThrow('gone');
    await expect(store.put('key', bodyOf(testBytes(PART)), { sizeBytes: PART })).resolves.toBeDefined();
  });
});

describe('deleteMany on S3', () => {
  it('names the keys that are left', async () => {
    const server = await givenServer((_, response, nth) => {
      if (nth > 0) answerError(response, 403, 'AccessDenied');
      else answerXml(response, '<DeleteResult><Error><Key>b</Key><Code>InternalError</Code></Error></DeleteResult>');
    });
    const keys = ['a', 'b', ...Array.from({ length: 999 }, (_, index) => `c${index}`)];

    const deletion = (await givenStore(server.url)).deleteMany(keys);

    await expect(deletion).rejects.toBeInstanceOf(BlobDeletionError);
    await expect(deletion).rejects.toMatchObject({ keys: ['b', 'c998'] });
  });
});

function multipartAnswer(answerPart: (query: URLSearchParams, response: Parameters<Answer>[1]) => void): Answer {
  return ({ method, path }, response) => {
    const query = new URL(path, 'http://localhost').searchParams;
    if (query.has('partNumber')) answerPart(query, response);
    else if (query.has('uploads'))
      answerXml(response, '<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>');
    else if (method === 'DELETE') response.writeHead(204).end();
    else answerXml(response, '<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>');
  };
}

/** Yields one byte, tells when it is asked for more, and hangs. */
async function* slowBody(asked: (value: undefined) => void): AsyncGenerator<Uint8Array> {
  yield testBytes(1);
  asked(undefined);
  await new Promise(() => undefined);
}

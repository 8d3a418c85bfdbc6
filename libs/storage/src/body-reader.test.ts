import { describe, expect, it } from '@jest/globals';

import { BlobSizeMismatchError } from './blob-store-errors.ts';
import { BodyReader } from './body-reader.ts';
import { bodyOf, hangingBody, testBytes } from './testing/test-bodies.ts';

describe('BodyReader', () => {
  it('passes empty chunks over', async () => {
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(0);
      yield Buffer.from('x');
    }
    const reader = new BodyReader(body());

    expect([await reader.next(), await reader.next()]).toEqual([Buffer.from('x'), undefined]);
  });

  it('notices a long body at the first byte too many', async () => {
    const reader = new BodyReader(bodyOf(testBytes(100), 10), { sizeBytes: 15 });
    await reader.next();

    const mismatch = reader.next();

    await expect(mismatch).rejects.toBeInstanceOf(BlobSizeMismatchError);
    await expect(mismatch).rejects.toMatchObject({ expectedBytes: 15, receivedBytes: 20 });
  });

  it('stops waiting for a hanging body when it is aborted, and listens no more when disposed', async () => {
    const abort = new AbortController();
    const { body, reached } = hangingBody(Buffer.alloc(0));
    const reader = new BodyReader(body, { signal: abort.signal });
    const next = reader.next();
    await reached;

    abort.abort(new Error('gone'));

    await expect(next).rejects.toThrow('gone');
    reader[Symbol.dispose]();
  });
});
